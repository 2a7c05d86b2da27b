// The content that ships: it agrees with its own cases, and each rule reads and compiles as it was reviewed.
#include <gtest/gtest.h>

#include "rules/check.h"
#include "rules/facts.h"
#include "rules/print.h"
#include "rules/sample_content.h"
#include "rules/units.h"
#include "support/shipped_content.h"

namespace proctor::rules {
namespace {

const Content& cards() { return *support::shipped_content(); }

TEST(Cards, EveryRuleAgreesWithItsCases) {
    const FactLookup lookup(cards());
    const CheckReport report = check_content(cards(), lookup);
    for (const Error& error : report.errors) ADD_FAILURE() << describe(error);
    for (const Error& gap : report.gaps) ADD_FAILURE() << describe(gap);
    EXPECT_GT(report.cases, 300U);
}

std::string with(std::string unit, std::string_view old, std::string_view other) {
    for (auto at = unit.find(old); at != std::string::npos; at = unit.find(old, at + other.size()))
        unit.replace(at, old.size(), other);
    return unit;
}

auto factor(const Conversion& one) { return std::tuple(one.numerator, one.denominator, one.offset); }

// The litre has two symbols in UCUM, L and l; the micro sign has two characters, and u beside them.
TEST(Cards, UnitsAreReadInEverySpellingOfLitreAndMicro) {
    for (const QuantityKind& quantity : cards().quantities) {
        for (const auto& [unit, conversion] : quantity.units) {
            for (const auto& [old, other] : {std::pair("L", "l"), {"µ", "μ"}, {"μ", "µ"}, {"µ", "u"}}) {
                const auto twin = quantity.units.find(with(unit, old, other));
                ASSERT_NE(twin, quantity.units.end())
                    << quantity.id << ": " << unit << " without " << with(unit, old, other);
                EXPECT_EQ(factor(twin->second), factor(conversion))
                    << quantity.id << ": " << unit << " and " << twin->first;
            }
        }
        if (!quantity.siteFactor) continue;
        const auto& units = quantity.siteFactor->units;
        for (const std::string& unit : units)
            EXPECT_NE(std::ranges::find(units, with(unit, "L", "l")), units.end()) << quantity.id << ": " << unit;
    }
}

struct Spelling {
    const char *quantity, *value, *unit;
    std::optional<Micro> canonical = {};  // none: not read
};

std::optional<Micro> read(const Spelling& spelling) {
    const auto quantity = std::ranges::find(cards().quantities, spelling.quantity, &QuantityKind::id);
    fhir::Observation observation;
    observation.kind = fhir::ValueKind::quantity;
    observation.quantity.value = spelling.value;
    observation.quantity.unit = spelling.unit;
    const Reading reading = read_value(*quantity, observation);
    return reading.kind == Reading::Kind::value ? reading.value.low : std::nullopt;
}

TEST(Cards, UnitsAreReadAsChartsWriteThemWhereTheMeaningIsCertain) {
    for (const Spelling& one : {Spelling{"platelets", "40", "10*9/l", 40'000'000},
                                {"platelets", "40", "x10(9)/L", 40'000'000},
                                {"platelets", "40", "/nl", 40'000'000},
                                {"platelets", "40", "K/mcL", 40'000'000},
                                {"platelets", "40000", "/mm3", 40'000'000},
                                {"neutrophils", "400", "/ul", 400'000},
                                {"lactate", "54", "mg/dl", 5'994'000},
                                {"lactate", "6", "mmol/l", 6'000'000},
                                {"ferritin", "20", "μg/l", 20'000'000},
                                {"systolic-pressure", "80", "mm Hg", 80'000'000},
                                {"respiratory-rate", "28", "breaths/min", 28'000'000},
                                {"stool-count", "8", "{#}/(24.h)", 8'000'000},
                                {"fit", "40", "µg Hb/g", 40'000'000},
                                {"platelets", "4", "M/uL"},    // may be red cells
                                {"haemoglobin", "7", "G/L"},   // giga
                                {"platelets", "40", "G/L"},    // grams, in capitals
                                {"platelets", "4", "10E9/L"},  // ten times as much, read strictly
                                {"respiratory-rate", "80", "bpm"}}) {
        EXPECT_EQ(read(one), one.canonical) << one.quantity << ' ' << one.value << ' ' << one.unit;
    }
}

TEST(Cards, EveryRuleReadsInEnglishAsReviewed) {
    for (const LoadedRule& rule : cards().rules) {
        expect_golden("rules/" + rule.rule.id + ".english.txt", print_english(cards(), rule));
    }
}

TEST(Cards, EveryRuleCompilesAsReviewed) {
    for (const LoadedRule& rule : cards().rules) {
        expect_golden("rules/" + rule.rule.id + ".program.txt", print_program(cards(), rule));
    }
}

}  // namespace
}  // namespace proctor::rules
