// The clinical vignettes: on the rules of cards/ each agrees exactly, indicators included.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/json.h"
#include "fhir/read.h"
#include "rules/content.h"
#include "rules/evaluate.h"
#include "support/shipped_content.h"

namespace proctor::rules {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const fs::path k_source = PROCTOR_SOURCE_DIR;
const fs::path k_vignettes = k_source / ".." / "shared" / "clinical" / "vignettes.json";

// A rule of this project alone: the vignettes and the reference do not know it.
const std::string k_own_rule = "ADC-41";

using Cards = std::map<std::string, std::string>;  // rule code -> indicator

json bundle_of(const json& resources) {
    json entries = json::array();
    for (const json& resource : resources) entries.push_back({{"resource", resource}});
    return {{"resourceType", "Bundle"}, {"type", "collection"}, {"entry", entries}};
}

Result<Cards> run(const Content& content, const FactLookup& lookup, const json& facts) {
    const fhir::ReadSetup setup{content.codes, {}};
    auto record = fhir::read_bundle(fhir::PaddedJson(bundle_of(facts.at("resources")).dump()), setup);
    if (!record) return record.error();
    if (facts.contains("draftOrders")) {
        const auto added =
            fhir::add_drafts(*record, fhir::PaddedJson(bundle_of(facts.at("draftOrders")).dump()), setup);
        if (!added) return added.error();
    }
    const auto as_of = fhir::read_instant(facts.at("asOf").get<std::string>());
    if (!as_of) return as_of.error();
    const Outcome outcome = evaluate(content, lookup.look_up(*record, *as_of), "");
    Cards cards;
    for (const NotChecked& open : outcome.not_checked) cards[content.rules[open.rule].rule.code + " not checked"] = "";
    for (const Fired& fired : outcome.fired) {
        const Rule& rule = content.rules[fired.rule].rule;
        if (rule.code == k_own_rule) continue;
        cards[rule.code] = print(rule.decide[fired.row].indicator);
    }
    return cards;
}

std::string listed(const std::set<std::string>& codes) {
    std::string text;
    for (const std::string& code : codes) text += " " + code;
    return text;
}

// Empty when the cards are exactly those expected.
std::string difference(const json& vignette, const Cards& cards) {
    std::set<std::string> missing, extra;
    const std::set<std::string> expected(vignette.at("expect").begin(), vignette.at("expect").end());
    for (const std::string& code : expected) {
        if (!cards.contains(code)) missing.insert(code);
    }
    for (const auto& [code, indicator] : cards) {
        const bool undecided = code.find(' ') != std::string::npos;
        if (!undecided && !expected.contains(code)) extra.insert(code);
    }
    std::string text =
        (missing.empty() ? "" : " missing" + listed(missing)) + (extra.empty() ? "" : " extra" + listed(extra));
    const json indicators = vignette.value("indicators", json::object());
    for (const auto& [code, indicator] : indicators.items()) {
        if (cards.contains(code) && cards.at(code) != indicator) text += " " + code + " is " + cards.at(code);
    }
    return text;
}

// What the content that is here can be expected to show.
json restricted(json vignette, const Content& content) {
    json here = json::array();
    for (const json& code : vignette.at("expect")) {
        const bool known = std::any_of(content.rules.begin(), content.rules.end(),
                                       [&](const LoadedRule& rule) { return rule.rule.code == code; });
        if (known) here.push_back(code);
    }
    vignette["expect"] = here;
    return vignette;
}

// Counted apart: vignettes whose expectations lie wholly within these rules, and the others, which must agree on these
// rules.
TEST(Vignettes, AgreeExactlyOnTheRulesThatAreHere) {
    if (!fs::exists(k_vignettes)) GTEST_SKIP() << "no clinical vignettes beside this checkout";
    const Content& content = *support::shipped_content();
    const FactLookup lookup(content);
    std::ifstream file(k_vignettes);
    const json vignettes = json::parse(file);
    int whole = 0, tried = 0;
    for (const json& vignette : vignettes.at("vignettes")) {
        const json expected = restricted(vignette, content);
        whole += expected.at("expect") == vignette.at("expect") ? 1 : 0;
        ++tried;
        const auto cards = run(content, lookup, vignette.at("facts"));
        const std::string name = vignette.at("id").get<std::string>() + " " + vignette.at("title").get<std::string>();
        ASSERT_TRUE(cards) << name << ": " << describe(cards.error());
        EXPECT_EQ(difference(expected, *cards), "") << name;
    }
    EXPECT_EQ(whole, 187);
    EXPECT_EQ(tried, 187);
}

}  // namespace
}  // namespace proctor::rules
