// What a site decides about how its charts are read: factors, unused findings, maps of products.
#include "support/facts_fixture.h"

namespace proctor::rules {
namespace {

class SiteTest : public FactsTest {
protected:
    SiteTest() { content_.quantities.front().siteFactor = {"factor", {"ng/mL"}, 10'000, 10'000'000}; }

    FactResult look_at(FactBody body, const SiteChoices& site) {
        builder_.fact(std::move(body));
        Facts facts = FactLookup(content_, site).look_up(chart_.record, support::now());
        issues_ = facts.issues;
        content_.program.facts.clear();
        return facts.results.back();
    }
    fhir::MedicationUse& product(std::string_view text, bool mapped) {
        auto& use = chart_.medication(ResourceType::medication_request, {k_warfarin}, EventStatus::active, text);
        chart_.record.codings.back().mapped = mapped;
        chart_.record.codings.back().display = {};
        return use;
    }
    static MedicationFact anticoagulant() {
        MedicationFact fact;
        fact.valueSets = {"anticoagulant"};
        return fact;
    }
};

TEST_F(SiteTest, ALaboratorysFactorConvertsWhatNothingElseDoes) {
    chart_.measured(k_haemoglobin, "2026-06-14", "60", "ng/mL");
    EXPECT_EQ(look_at(haemoglobin(), {}).truth, Truth::no);
    EXPECT_EQ(kinds(), std::vector{IssueKind::unit});
    const FactResult result = look_at(haemoglobin(), {{{"factor", 500'000}}, {}});
    ASSERT_EQ(result.truth, Truth::yes);
    EXPECT_EQ(result.value->low, 30'000'000);
    EXPECT_TRUE(issues_.empty());
}

TEST_F(SiteTest, AFactorIsExactAndKeepsComparatorsAndBelief) {
    chart_.measured(k_haemoglobin, "2026-06-14", "100.1", "ng/mL").quantity.comparator = fhir::Comparator::lt;
    const FactResult result = look_at(haemoglobin(), {{{"factor", 333'333}}, {}});
    ASSERT_EQ(result.truth, Truth::yes);
    EXPECT_FALSE(result.value->low);
    EXPECT_EQ(result.value->high, 33'366'633);
    EXPECT_EQ(look_at(haemoglobin(), {{{"factor", 10'000}}, {}}).truth, Truth::no) << "1 is below what is believable";
    EXPECT_EQ(kinds(), std::vector{IssueKind::implausible});
}

TEST_F(SiteTest, NamesAndFactorsThatCanNotBeMeantAreRefused) {
    content_.findings.front().sensitive = Sensitive{"hiv", "not shown", {}, false};
    const auto error = [&](const SiteChoices& site) {
        const auto status = check_site(site, content_);
        return status ? "no error" : describe(status.error());
    };
    EXPECT_EQ(error({{{"factor", 500'000}}, {"hiv"}}), "no error");
    EXPECT_EQ(error({{{"factor", 9'999}}, {}}), "unit_factors/factor: must be from 0.01 to 10");
    EXPECT_EQ(error({{{"factor", 10'000'001}}, {}}), "unit_factors/factor: must be from 0.01 to 10");
    EXPECT_EQ(error({{{"facto", 500'000}}, {}}),
              "unit_factors: no factor is called \"facto\", did you mean \"factor\"?");
    EXPECT_EQ(error({{}, {"hiw"}}), "show: no category of sensitive findings is called \"hiw\", did you mean \"hiv\"?");
}

TEST_F(SiteTest, AFindingThatTheSiteDoesNotUseIsNoWhateverTheChartHoldsOrLacks) {
    content_.findings[1].sensitive = Sensitive{"private", "not shown", {}, true};
    chart_.condition({k_mucus}, "2026-06-10");
    EXPECT_EQ(look_at(finding("mucus"), {{}, {"private"}}).truth, Truth::yes);
    EXPECT_EQ(look_at(finding("mucus"), {}).truth, Truth::no);
    supply(Source::condition, Supply::absent);
    EXPECT_EQ(look_at(finding("mucus"), {}).truth, Truth::no) << "nobody looked, so nothing is missing";
    FindingFact either = finding("mucus");
    either.findings.push_back("bleeding");
    EXPECT_EQ(look_at(either, {}).truth, Truth::unknown);
}

TEST_F(SiteTest, AHiddenFindingStillCounts) {
    content_.findings[1].sensitive = Sensitive{"private", "not shown", {}, false};
    chart_.condition({k_mucus}, "2026-06-10");
    EXPECT_EQ(look_at(finding("mucus"), {}).truth, Truth::yes);
}

TEST_F(SiteTest, AProductThatAMapReadsAsItsIngredientCountsUnlessItIsALocalForm) {
    product("Marevan 5 mg", true);
    EXPECT_EQ(look_at(anticoagulant(), {}).truth, Truth::yes);
    chart_.record.medications.clear();
    product("Marevan cream", true);
    EXPECT_EQ(look_at(anticoagulant(), {}).truth, Truth::no);
    product("Marevan cream", false);
    EXPECT_EQ(look_at(anticoagulant(), {}).truth, Truth::no) << "nor by the ingredient's own code";
    product("Marevan 5 mg", false);
    EXPECT_EQ(look_at(anticoagulant(), {}).truth, Truth::yes);
}

}  // namespace
}  // namespace proctor::rules
