#include "rules/units.h"

#include <gtest/gtest.h>

#include "support/chart.h"

namespace proctor::rules {
namespace {

using fhir::Comparator;
using fhir::Range;
using Kind = Reading::Kind;

QuantityKind haemoglobin() {
    QuantityKind kind;
    kind.id = "haemoglobin";
    kind.units = {{"g/L", {1'000'000, 1'000'000, 0}},
                  {"g/dL", {10'000'000, 1'000'000, 0}},
                  {"mmol/L", {16'114'000, 1'000'000, 0}},
                  {"gm/dL", {10'000'000, 1'000'000, 0}}};
    kind.plausibleLow = 20'000'000;
    kind.plausibleHigh = 260'000'000;
    return kind;
}

QuantityKind temperature() {
    QuantityKind kind;
    kind.id = "body-temperature";
    kind.units = {
        {"Cel", {}}, {"[degF]", {5'000'000, 9'000'000, 32'000'000}}, {"K", {1'000'000, 1'000'000, 273'150'000}}};
    return kind;
}

fhir::Observation measured(std::string_view value, std::string_view unit, std::string_view code,
                           std::string_view system) {
    fhir::Observation observation;
    observation.kind = fhir::ValueKind::quantity;
    observation.quantity = {value, Comparator::none, unit, system, code};
    return observation;
}

struct Case {
    std::string_view value, unit, code, system;
    Kind kind;
    Micro micro = 0;
};

constexpr std::string_view k_ucum = "http://unitsofmeasure.org";

class Haemoglobin : public testing::TestWithParam<Case> {};

TEST_P(Haemoglobin, IsReadExactlyOrNotAtAll) {
    const Case& c = GetParam();
    const Reading reading = read_value(haemoglobin(), measured(c.value, c.unit, c.code, c.system));
    EXPECT_EQ(reading.kind, c.kind) << c.value << " " << c.unit << " " << c.code;
    if (c.kind == Kind::value) {
        EXPECT_EQ(reading.value, (Range{c.micro, c.micro}));
    }
}

INSTANTIATE_TEST_SUITE_P(Units, Haemoglobin,
                         testing::Values(Case{"7.0", "g/dL", "g/dL", k_ucum, Kind::value, 70'000'000},
                                         Case{"70", "", "g/L", "", Kind::value, 70'000'000},
                                         Case{"6.99", "gm/dL", "", "", Kind::value, 69'900'000},
                                         Case{"5", "mmol/L", "", k_ucum, Kind::value, 80'570'000},
                                         Case{"70", "g/L", "GPL", "http://example.org/units", Kind::value, 70'000'000},
                                         Case{"70", "g/L", "xyz", k_ucum, Kind::unit},
                                         Case{"70", "", "", "", Kind::unit}, Case{"", "", "", "", Kind::unit},
                                         Case{"", "g/L", "", "", Kind::none},
                                         Case{"7.9", "", "g/L", k_ucum, Kind::implausible},
                                         Case{"261", "", "g/L", k_ucum, Kind::implausible},
                                         Case{"260", "", "g/L", k_ucum, Kind::value, 260'000'000},
                                         Case{"1E+245", "", "g/L", k_ucum, Kind::implausible},
                                         Case{"70", "G/L", "", "", Kind::unit}));

// EHRs write {Beats}/min as well as {beats}/min.
TEST(Units, AnnotationsMeanNothing) {
    EXPECT_EQ(read_value(haemoglobin(), measured("7.0", "", "g/dL{blood}", k_ucum)).value,
              (Range{70'000'000, 70'000'000}));
    for (const char* unit : {"{g}/dL", "{g/dL}", "{", "g/dL{"})
        EXPECT_EQ(read_value(haemoglobin(), measured("7.0", "", unit, k_ucum)).kind, Kind::unit) << unit;
}

TEST(Units, TemperaturesConvertExactly) {
    EXPECT_EQ(read_value(temperature(), measured("100.4", "", "[degF]", k_ucum)).value,
              (Range{38'000'000, 38'000'000}));
    EXPECT_EQ(read_value(temperature(), measured("311.15", "", "K", k_ucum)).value, (Range{38'000'000, 38'000'000}));
}

TEST(Units, AnOffsetAtTheEndOfTheRangeDoesNotOverflow) {
    EXPECT_EQ(read_value(temperature(), measured("-9223372036854", "", "K", k_ucum)).kind, Kind::implausible);
}

TEST(Units, AComparatorLeavesOneEndOpen) {
    EXPECT_EQ(as_range(20, Comparator::lt), (Range{std::nullopt, 20, false, true}));
    EXPECT_EQ(as_range(20, Comparator::le), (Range{std::nullopt, 20, false, false}));
    EXPECT_EQ(as_range(20, Comparator::gt), (Range{20, std::nullopt, true, false}));
    EXPECT_EQ(as_range(20, Comparator::ge), (Range{20, std::nullopt, false, false}));
    EXPECT_EQ(written(as_range(20, Comparator::lt)), 20);
}

TEST(Units, AWholeNumberCountsOnlyWhereTheQuantityNamesItsUnit) {
    fhir::Observation observation;
    observation.kind = fhir::ValueKind::integer;
    observation.quantity.value = "7";
    QuantityKind stools;
    stools.units = {{"/d", {}}};
    EXPECT_EQ(read_value(stools, observation).kind, Kind::unit);
    stools.integerUnit = "/d";
    EXPECT_EQ(read_value(stools, observation).value, (Range{7'000'000, 7'000'000}));
}

TEST(Units, AnObservationWithoutAQuantityMeasuresNothing) {
    fhir::Observation observation;
    observation.kind = fhir::ValueKind::string;
    observation.text = "70 g/L";
    EXPECT_EQ(read_value(haemoglobin(), observation).kind, Kind::none);
    EXPECT_TRUE(has_unread_number(observation));
    observation.text = "pending";
    EXPECT_FALSE(has_unread_number(observation));
    observation.kind = fhir::ValueKind::other;  // a range, a ratio
    EXPECT_EQ(read_value(haemoglobin(), observation).kind, Kind::none);
    EXPECT_TRUE(has_unread_number(observation));
}

}  // namespace
}  // namespace proctor::rules
