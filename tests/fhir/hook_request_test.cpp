// What each way of filling prefetch supplies.
#include <gtest/gtest.h>

#include "fhir/reading.h"

namespace proctor::fhir::reading {
namespace {

const std::string k_condition = R"({"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"}})";

TEST(Prefetch, EachStateIsTakenForWhatItIs) {
    const std::pair<std::string, Supply> table[] = {
        {"null", Supply::complete},
        {"{}", Supply::complete},
        {R"({"resourceType":"Bundle","type":"searchset"})", Supply::complete},
        {R"({"resourceType":"Bundle","type":"searchset","entry":[]})", Supply::complete},
        {R"({"resourceType":"Bundle","entry":null})", Supply::complete},
        {searchset(entry(k_condition)), Supply::complete},
        {R"({"resourceType":"Bundle","type":"collection","entry":[)" + entry(k_condition) + "]}", Supply::complete},
        {k_condition, Supply::complete},
        {R"({"resourceType":"OperationOutcome","issue":[]})", Supply::failed},
        {R"({"issue":[],"resourceType":"OperationOutcome"})", Supply::failed},
        {R"({"resourceType":"Claim","id":"x"})", Supply::failed},
        {R"({"resourceType":"Patient","id":"p1"})", Supply::failed},
        {R"({"response":{"status":"200"},"resource":{"resourceType":"Parameters"}})", Supply::failed},
        {searchset(entry(R"({"resourceType":"Claim"})")), Supply::complete},
        {R"({"resourceType":"Bundle","link":[{"relation":"self","url":"x"},{"relation":"next","url":"x"}]})",
         Supply::partial},
        {R"({"link":[{"url":"x","relation":"next"}],"entry":[],"resourceType":"Bundle"})", Supply::partial},
        {R"({"resourceType":"Bundle","link":[{"relation":"self","url":"x"}]})", Supply::complete},
        {R"({"resourceType":"Bundle","entry":{}})", Supply::failed},
        {R"({"resourceType":"Bundle","entry":"x"})", Supply::failed},
        {R"({"resourceType":"Bundle","entry":[5]})", Supply::partial},
        {R"({"resourceType":"Bundle","entry":[{"resource":[]}]})", Supply::partial},
        {R"({"unknown":1})", Supply::partial},
        {R"({"resourceType":5})", Supply::partial},
        {"5", Supply::failed},
        {"\"x\"", Supply::failed},
        {"[]", Supply::failed},
        {"true", Supply::failed},
        {R"({"response":{"status":"200 OK"},"resource":)" + searchset(entry(k_condition)) + "}", Supply::complete},
        {R"({"resource":)" + searchset("") + R"(,"response":{"status":"200"}})", Supply::complete},
        {R"({"resource":{"resourceType":"OperationOutcome"},"response":{"status":"200"}})", Supply::failed},
        {R"({"response":{"status":"404 Not Found"}})", Supply::failed},
        {R"({"response":{"status":"500"},"resource":)" + k_condition + "}", Supply::failed},
        {R"({"response":{"status":"200 OK"},"resource":null})", Supply::complete},
    };
    for (const auto& [value, supply] : table) {
        const auto record = record_of("\"conditions\":" + value);
        EXPECT_EQ(record[Source::condition], supply) << value;
        EXPECT_EQ(record[Source::laboratory], Supply::absent) << value;
    }
}

TEST(Prefetch, UndeclaredKeysAreNotRead) {
    const auto record = record_of("\"other\":" + searchset(entry(k_condition)));
    EXPECT_TRUE(record.conditions.empty());
    for (const auto supply : record.supply) EXPECT_EQ(supply, Supply::absent);
}

TEST(Prefetch, SeveralKeysOfOneSourceCountTogether) {
    const std::string outcome = R"({"resourceType":"OperationOutcome"})";
    EXPECT_EQ(record_of(R"("laboratory":null,"laboratory2":null)")[Source::laboratory], Supply::complete);
    EXPECT_EQ(record_of(R"("laboratory":null,"laboratory2":)" + outcome)[Source::laboratory], Supply::partial);
    EXPECT_EQ(record_of(R"("laboratory":)" + outcome + R"(,"laboratory2":)" + outcome)[Source::laboratory],
              Supply::failed);
    EXPECT_EQ(record_of(R"("laboratory":null)")[Source::laboratory], Supply::partial);
    EXPECT_EQ(record_of(R"("laboratory2":)" + outcome)[Source::laboratory], Supply::failed);
}

TEST(Prefetch, OperationOutcomesInABundleAreNoData) {
    const auto record =
        record_of("\"conditions\":" +
                  searchset(entry(R"({"resourceType":"OperationOutcome","id":"o"})") + "," + entry(k_condition)));
    EXPECT_EQ(record.resources.size(), 1U);
    EXPECT_EQ(record[Source::condition], Supply::complete);
}

TEST(Prefetch, WrapperIsKnownOnlyAtTheTop) {
    const auto record = record_of("\"conditions\":" + searchset(entry(R"({"resource":)" + k_condition + "}")));
    EXPECT_TRUE(record.conditions.empty());
    EXPECT_EQ(record.unreadable, 1U);
}

TEST(Prefetch, MayStandBeforeTheContextThatSaysWhoseItIs) {
    const auto document =
        read(R"({"prefetch":{"conditions":)" +
             searchset(entry(k_condition) + "," +
                       entry(R"({"resourceType":"Condition","subject":{"reference":"Patient/p2"}})")) +
             R"(},"context":{"patientId":"p1"}})");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->record.conditions.size(), 1U);
    EXPECT_EQ(document->record.other_patient, 1U);
}

TEST(Prefetch, ThePatientIsTheOneOfTheContext) {
    const auto record = record_of(
        R"("patient":{"birthDate":"1980-03","gender":"female","deceasedDateTime":"2026","id":"p1","resourceType":"Patient"})");
    EXPECT_EQ(record.patient.id, "p1");
    EXPECT_EQ(record.patient.gender, Gender::female);
    EXPECT_EQ(record.patient.birth, read_time("1980-03", Zone{}));
    EXPECT_TRUE(record.patient.deceased);
    EXPECT_EQ(record.patient.deceased_time, read_time("2026", Zone{}));
    EXPECT_EQ(record[Source::patient], Supply::complete);
}

// Rather an alarm for somebody who died than none for somebody who lives.
TEST(Prefetch, ADeathWhoseTimeCannotBeReadIsNone) {
    const auto deceased = [](const std::string& member) {
        return record_of(R"("patient":{"resourceType":"Patient","id":"p1",)" + member + "}").patient.deceased;
    };
    for (const char* time : {R"("2026")", R"("2026-05")", R"("2026-05-01T10:00:00Z")"})
        EXPECT_TRUE(deceased(R"("deceasedDateTime":)" + std::string(time))) << time;
    for (const char* time : {R"("")", "5", R"("unknown")", "{}", "null", R"("2026-02-30")"})
        EXPECT_FALSE(deceased(R"("deceasedDateTime":)" + std::string(time))) << time;
    EXPECT_TRUE(deceased(R"("deceasedBoolean":true)"));
    EXPECT_FALSE(deceased(R"("deceasedBoolean":false)"));
}

TEST(Prefetch, TheBirthIsInTheZoneOfTheSite) {
    const auto zone = Zone::named("Pacific/Auckland");
    ASSERT_TRUE(zone);
    const std::string patient = R"({"resourceType":"Patient","id":"p1","birthDate":"1980-03-01"})";
    const auto record = read_bundle(PaddedJson(searchset(entry(patient))), {codes(), *zone});
    ASSERT_TRUE(record);
    EXPECT_EQ(record->patient.birth, read_time("1980-03-01", *zone));
    EXPECT_EQ(record->patient.zone.name(), "Pacific/Auckland");
}

TEST(Prefetch, AnotherPatientIsNotThePatient) {
    const auto record =
        record_of(R"("patient":{"resourceType":"Patient","id":"p2","gender":"male","birthDate":"1980"})");
    EXPECT_EQ(record.patient.id, "p1");
    EXPECT_EQ(record.patient.gender, Gender::unknown);
    EXPECT_FALSE(record.patient.birth);
    EXPECT_EQ(record.other_patient, 1U);
    EXPECT_EQ(record[Source::patient], Supply::failed);
}

TEST(Prefetch, ARepeatedResourceIsKeptOnce) {
    const std::string hb =
        R"({"resourceType":"Observation","id":"o1","status":"final","subject":{"reference":"Patient/p1"},"valueInteger":)";
    const auto record =
        record_of("\"laboratory\":" + searchset(entry(hb + "1}") + "," + entry(hb + "2}")) +
                  ",\"laboratory2\":" + searchset(entry(hb + "3}")) + ",\"conditions\":" +
                  searchset(entry(R"({"resourceType":"Condition","id":"o1","subject":{"reference":"Patient/p1"}})")));
    ASSERT_EQ(record.observations.size(), 1U);
    EXPECT_EQ(record.observations[0].quantity.value, "1");
    EXPECT_EQ(record.conditions.size(), 1U);
    EXPECT_EQ(record.resources[record.conditions[0].resource].type, ResourceType::condition);
    EXPECT_EQ(record.other_patient + record.unreadable, 0U);
}

TEST(Prefetch, ResourcesWithoutAnIdAreNeverTheSame) {
    const std::string condition = entry(R"({"resourceType":"Condition","subject":{"reference":"Patient/p1"}})");
    EXPECT_EQ(record_of("\"conditions\":" + searchset(condition + "," + condition)).conditions.size(), 2U);
}

TEST(Encounters, AreKeptWithTheirStartWhateverTheirStatus) {
    const auto record = record_of(
        R"("encounters":)" +
        searchset(entry(
            R"({"resourceType":"Encounter","id":"e1","status":"planned","subject":{"reference":"Patient/p1"},"period":{"start":"2026-06-14T08:00:00Z"}})")));
    ASSERT_EQ(record.encounters.size(), 1u);
    EXPECT_EQ(record.resources[record.encounters[0].resource].id, "e1");
    EXPECT_EQ(record.encounters[0].started->earliest, at("2026-06-14T08:00:00Z"));
}

TEST(Bundle, NeedsABundleAndAPatient) {
    EXPECT_FALSE(bundle("{}"));
    EXPECT_FALSE(bundle(R"({"resourceType":"Patient","id":"p1"})"));
    EXPECT_FALSE(bundle(searchset("")));
    EXPECT_FALSE(bundle(searchset(entry(k_condition))));
    EXPECT_FALSE(bundle(R"({"resourceType":"Bundle","entry":5})"));
    EXPECT_FALSE(bundle(searchset(entry(R"({"resourceType":"Patient"})"))));
    const auto record = bundle(searchset(entry(k_condition) + "," + entry(R"({"resourceType":"Patient","id":"p1"})") +
                                         "," + entry(R"({"resourceType":"Patient","id":"p2"})")));
    ASSERT_TRUE(record);
    EXPECT_EQ(record->patient.id, "p1");
    EXPECT_EQ(record->conditions.size(), 1U);
    EXPECT_EQ(record->other_patient, 1U);
    for (const auto supply : record->supply) EXPECT_EQ(supply, Supply::complete);
}

TEST(Bundle, SubjectsMayNameThePatientsFullUrl) {
    const auto record =
        bundle(R"({"entry":[{"resource":{"subject":{"reference":"urn:uuid:1"},"id":"c","resourceType":"Condition"}},
        {"resource":{"id":"x","resourceType":"Patient"},"fullUrl":"urn:uuid:1"}],"resourceType":"Bundle"})");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->conditions.size(), 1U);
}

TEST(Bundle, UnreadableResourcesLeaveTheirSourceIncomplete) {
    const auto record = bundle(
        searchset(entry(R"({"resourceType":"Patient","id":"p1"})") + "," +
                  entry(R"({"resourceType":"Observation","code":"718-7","subject":{"reference":"Patient/p1"}})")));
    ASSERT_TRUE(record);
    EXPECT_EQ(record->unreadable, 1U);
    EXPECT_EQ((*record)[Source::laboratory], Supply::partial);
    EXPECT_EQ((*record)[Source::exam], Supply::partial);
    EXPECT_EQ((*record)[Source::condition], Supply::complete);
}

}  // namespace
}  // namespace proctor::fhir::reading
