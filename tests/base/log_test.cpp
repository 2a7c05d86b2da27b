#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace proctor {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

TEST(Log, WritesOneJsonLineAnEvent) {
    std::ostringstream out;
    const auto log = log_to(out);
    LogFields fields;
    fields.status = 200;
    fields.service = "anorectal-alarms";
    fields.cards = 2;
    fields.codings = 9;
    fields.codings_read = 4;
    fields.codings_lost = 3;
    log->write(Event::request, fields);
    EXPECT_THAT(
        out.str(),
        MatchesRegex(
            R"(\{"time":"[-0-9]+T[0-9:.]+Z","event":"request","status":200,"service":"anorectal-alarms","cards":2,"codings":9,"codingsRead":4,"codingsLost":3\}.)"));
}

TEST(Log, CountsFeedback) {
    std::ostringstream out;
    LogFields fields;
    fields.accepted = 1;
    fields.overridden = 2;
    fields.unmatched = 3;
    fields.repeated = 4;
    fields.feedback_store = "away";
    log_to(out)->write(Event::request, fields);
    EXPECT_THAT(out.str(),
                HasSubstr(R"("accepted":1,"overridden":2,"unmatched":3,"repeated":4,"feedbackStore":"away")"));
}

TEST(Log, LeavesOutWhatIsNotSet) {
    std::ostringstream out;
    log_to(out)->write(Event::stopped, {});
    EXPECT_THAT(out.str(), HasSubstr("\"event\":\"stopped\"}"));
}

TEST(Log, TextCannotBreakTheLine) {
    std::ostringstream out;
    LogFields fields;
    fields.reason = "a\"b\\c\nd{}%v";
    log_to(out)->write(Event::request, fields);
    EXPECT_THAT(out.str(), HasSubstr("\"reason\":\"a?b?c?d{}%v\"}"));
}

}  // namespace
}  // namespace proctor
