// Every value of three requests replaced in turn by what it is not. The answer is a 4xx that says why, or cards that
// CDS Hooks has nothing against; and no alarm falls silent because of a value that was not its evidence, or because
// something whole could not be read. PROCTOR_FULL=1 tries all replacements (50,000 requests), the usual run some of
// them in each place.
#include <gtest/gtest.h>

#include <cstdlib>

#include "app/asked.h"
#include "app/hook_request.h"
#include "hooks/check_answer.h"
#include "rules/parse_json.h"
#include "rules/template.h"

namespace proctor::app {
namespace {

struct Replacement {
    const char* name;
    std::string json;
    bool readable = false;  // as something without data, where a resource or a list of them is expected
};

const std::vector<Replacement>& replacements() {
    static const std::vector<Replacement> made{
        {"null", "null", true},
        {"string", R"("text")"},
        {"object", "{}", true},
        {"number", "-7.5"},
        {"array", "[]", true},
        {"boolean", "true"},
        {"huge string", '"' + std::string(70'000, 'W') + '"'},
        {"empty string", R"("")"},
        {"list of nothing", "[null]", true},
        {"nested", R"({"value":{"coding":[{"code":[]}]}})", true},
        {"beyond a double", "1e400"},
        {"right to left", R"j("\u202e\u200b\u05e9\u05dc\u05d5\u05dd<b>*[x](javascript:y)")j"},
    };
    return made;
}

std::string code_of(std::uint32_t rule) { return engine().content->rules[rule].rule.code; }

// What is sound once is sound again: most answers are the same.
class Judge {
public:
    void expect_sound(const hooks::Refusal& refusal) {
        EXPECT_TRUE(refusal.status == 400 || refusal.status == 412 || refusal.status == 413) << refusal.status;
        EXPECT_FALSE(refusal.faults.empty());
        const std::string outcome = hooks::write_operation_outcome(refusal);
        if (!seen_.insert(outcome).second) return;
        EXPECT_TRUE(rules::parse_json(outcome).ok()) << outcome;
    }
    void expect_sound(const hooks::Answered& answered) {
        const std::string body = hooks::write_cards(answered.cards);
        if (!seen_.insert(body).second) return;
        for (const auto& fault : hooks::check_answer(body).faults) ADD_FAILURE() << describe(fault) << '\n' << body;
    }

private:
    std::set<std::string> seen_;
};

// Fired, or left open, which a card says.
bool is_told(const hooks::Answered& answered, const std::string& code) {
    const auto is_it = [&](const auto& one) { return code_of(one.rule) == code; };
    const auto& [fired, open] = std::tie(answered.outcome.fired, answered.outcome.not_checked);
    return !answered.cards.empty() &&
           (std::any_of(fired.begin(), fired.end(), is_it) || std::any_of(open.begin(), open.end(), is_it));
}

// A prefetched search, its list, or one of its resources.
bool is_whole(const std::string& pointer) {
    if (Asked::is_search(pointer)) return true;
    const auto entry = pointer.find("/entry");
    if (!pointer.starts_with("/prefetch/") || entry == std::string::npos) return false;
    std::string_view rest = std::string_view(pointer).substr(entry + 6);
    if (rest.ends_with("/resource")) rest.remove_suffix(9);
    return rest.empty() || (rest.front() == '/' && rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

constexpr std::size_t k_small = 500;  // values of a request in which everything is always tried

class Torture {
public:
    explicit Torture(Asked asked) : asked_(std::move(asked)) {}

    void run() {
        const auto& places = asked_.places();
        const std::size_t all = replacements().size();
        const bool full = std::getenv("PROCTOR_FULL") != nullptr || places.size() < k_small;
        const std::size_t some = full ? all : 1;
        for (std::size_t i = 0; i < places.size() && !testing::Test::HasFailure(); ++i) {
            // Each place begins where the one before ended, so neighbours of one kind meet all of them.
            for (std::size_t k = 0; k < some; ++k) try_one(places[i], replacements()[(i * some + k) % all]);
        }
        testing::Test::RecordProperty("requests", std::to_string(requests_));
        EXPECT_GT(answered_, requests_ / 2) << "most of a chart may be anything";
        EXPECT_GT(refused_, 0U);
        EXPECT_GE(asked_.all_alarms().size(), 1U);
    }

private:
    void try_one(const support::JsonPlace& place, const Replacement& replacement) {
        SCOPED_TRACE(place.pointer + " becomes " + replacement.name);
        ++requests_;
        const auto answer = asked_.with(place, replacement.json);
        std::visit([&](const auto& one) { judge_.expect_sound(one); }, answer);
        const auto* answered = std::get_if<hooks::Answered>(&answer);
        if (answered == nullptr) {
            ++refused_;
            return;
        }
        ++answered_;
        const bool unread = is_whole(place.pointer) && !replacement.readable;
        for (const auto& code : unread ? asked_.all_alarms() : asked_.apart_from(place.pointer))
            EXPECT_TRUE(is_told(*answered, code)) << code << " fell silent";
    }

    Asked asked_;
    Judge judge_;
    std::size_t requests_ = 0, answered_ = 0, refused_ = 0;
};

std::string request_of(const std::string& patient) {
    return make_hook_request(read_fixture("patients/" + patient + ".json"), "patient-view", k_now).value().json;
}

TEST(Torture, OfASmallRequest) {
    const auto request = rules::render_template(read_fixture("hooks/plain-patient-view.json"), k_now).value();
    Torture({request, Asked::From::prefetch}).run();
}

TEST(Torture, OfABusyRequest) { Torture({request_of("bleeding-with-shock"), Asked::From::prefetch}).run(); }

TEST(Torture, OfARequestWhoseDataAreFetched) { Torture({request_of("severe-anaemia"), Asked::From::server}).run(); }

}  // namespace
}  // namespace proctor::app
