#include "store/export.h"

#include <gtest/gtest.h>

#include <sstream>

#include "store/feedback_values.h"
#include "support/fake_entropy.h"
#include "support/fake_feedback_store.h"

namespace proctor::store::export_test {
namespace {

using namespace std::chrono_literals;

class ExportRowsTest : public ::testing::Test {
protected:
    void keep(CardFeedback row, bool matched = true) {
        seen_.kept.push_back({std::to_string(seen_.kept.size()), std::move(row), matched});
    }
    std::string rows(RowsWanted wanted = {}) {
        std::string text;
        const auto done = export_rows(store_, wanted, [&](std::string_view bytes) { return text.append(bytes), true; });
        EXPECT_TRUE(done);
        return text;
    }
    // Without the header.
    std::string row(RowsWanted wanted = {}) {
        const auto text = rows(wanted);
        return text.substr(text.find('\n') + 1);
    }

    FakeStore::Seen seen_;
    FakeStore store_{seen_};
};

const std::string k_card_cells =
    "2026-06-15T12:00:00Z,north,t1,u1,anorectal-alarms,patient-view,ADC-12,a,1.0.0,0123456789ab,warning,c1,";

TEST_F(ExportRowsTest, ARowACardWithWhatTheRegulationAsksFor) {
    seen_.shown = {card_shown("c1")};
    EXPECT_EQ(
        rows(),
        "date,client,tenant,user,service,hook,rule,row,version,content,indicator,card,action,answered,reason\r\n" +
            k_card_cells + "none,,\r\n");
    keep(card_overridden("c1"));
    EXPECT_EQ(row(), k_card_cells + "overridden,2026-06-15T12:00:00Z,already-ordered\r\n");
    EXPECT_EQ(rows({.format = ExportFormat::ndjson}),
              R"({"date":"2026-06-15T12:00:00Z","client":"north","tenant":"t1","user":"u1",)"
              R"("service":"anorectal-alarms","hook":"patient-view","rule":"ADC-12","row":"a","version":"1.0.0",)"
              R"("content":"0123456789ab","indicator":"warning","card":"c1","action":"overridden",)"
              R"("answered":"2026-06-15T12:00:00Z","reason":"already-ordered"})"
              "\n");
}

TEST_F(ExportRowsTest, TheLatestAnswerByTheClientsClockCounts) {
    seen_.shown = {card_shown("c1")};
    auto early = card_overridden("c1"), late = card_accepted("c1");
    late.outcome_at += 1h;
    keep(late);
    keep(early);
    EXPECT_EQ(row(), k_card_cells + "accepted,2026-06-15T13:00:00Z,\r\n");
}

TEST_F(ExportRowsTest, AnAnswerOfAClockThatWasNeverSetCounts) {
    seen_.shown = {card_shown("c1")};
    auto first = card_accepted("c1"), later = card_overridden("c1");
    first.outcome_at = WallTime(-719'162 * std::chrono::days{1});  // the year 1, of clients that have no time
    keep(first);
    EXPECT_EQ(row(), k_card_cells + "accepted,0001-01-01T00:00:00Z,\r\n");
    later.outcome_at = first.outcome_at + 1s;
    keep(later);
    EXPECT_EQ(row(), k_card_cells + "overridden,0001-01-01T00:00:01Z,already-ordered\r\n");
}

TEST_F(ExportRowsTest, WhatMatchesNoCardAndWhatIsOlderIsNotInIt) {
    seen_.shown = {card_shown("c1"), card_shown("c2")};
    seen_.shown[1].at -= 1h;
    keep(card_accepted("c1"), false);
    EXPECT_EQ(row({.since = k_noon}), k_card_cells + "none,,\r\n");
}

TEST_F(ExportRowsTest, ACardThatWasHeldBackSaysSo) {
    seen_.shown = {card_shown("c1")};
    seen_.shown[0].quiet = true;
    EXPECT_EQ(row(), k_card_cells + "quiet,,\r\n");
}

TEST_F(ExportRowsTest, CommentsComeWithTheKeyAlone) {
    FakeEntropy entropy;
    const auto key = [&](const char* id) { return CommentKeys({{id, Wiped(std::string(32, 'k'))}}, entropy); };
    const auto ours = key("k1"), others = key("k2");
    auto said = card_overridden("c1");
    said.comment = ours.seal("=c4n4ry, \"seen\"", {said.client, said.tenant, said.card, said.outcome_at});
    seen_.shown = {card_shown("c1"), card_shown("c2")};
    keep(said);
    EXPECT_EQ(rows().find("c4n4ry"), std::string::npos);
    EXPECT_EQ(rows().find("k1:"), std::string::npos) << "nor sealed";
    EXPECT_NE(rows({.comments = &ours}).find(",reason,comment\r\n"), std::string::npos);
    EXPECT_NE(rows({.comments = &ours}).find(",already-ordered,\"'=c4n4ry, \"\"seen\"\"\"\r\n"), std::string::npos);
    EXPECT_NE(rows({.comments = &others}).find(",(sealed with another key)\r\n"), std::string::npos);
    seen_.kept[0].feedback.comment.back() = '!';
    EXPECT_NE(rows({.comments = &ours}).find(",(damaged)\r\n"), std::string::npos);
}

TEST_F(ExportRowsTest, AStoreThatIsAwayOrAFullDiskIsAnError) {
    EXPECT_FALSE(export_rows(store_, {}, [](std::string_view) { return false; }));
    seen_.there = false;
    EXPECT_FALSE(export_rows(store_, {}, [](std::string_view) { return true; }));
}

}  // namespace
}  // namespace proctor::store::export_test
