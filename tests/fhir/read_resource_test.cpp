// What is read of each resource type.
#include <gtest/gtest.h>

#include "fhir/decimal.h"
#include "fhir/reading.h"

namespace proctor::fhir::reading {
namespace {

TEST(EncounterResource, ReasonsOfOnesThatTookPlaceAreConditions) {
    const std::string reason =
        R"("reasonCode":[{"text":"a"},{"coding":[{"system":"http://snomed.info/sct","code":"405729008"}]}],"period":{"start":"2026-06-14"},"status":)";
    const std::pair<std::string, std::size_t> table[] = {
        {"arrived", 2}, {"triaged", 2},  {"in-progress", 2}, {"Finished", 2},  {"In-Progress", 2},
        {"Planned", 0}, {"finished", 2}, {"planned", 0},     {"cancelled", 0}, {"entered-in-error", 0}};
    for (const auto& [status, count] : table) {
        const auto record = one("encounters", resource("Encounter", reason + "\"" + status + "\""));
        ASSERT_EQ(record.conditions.size(), count) << status;
        if (count == 0) continue;
        EXPECT_EQ(record.conditions[0].code.text, "a");
        EXPECT_NE(record.in(record.conditions[1].code)[0].id, 0U);
        EXPECT_EQ(record.conditions[1].recorded, read_time("2026-06-14", Zone{}));
        EXPECT_EQ(record.conditions[1].clinical, ClinicalStatus::none);
    }
    EXPECT_TRUE(one("procedures", resource("Procedure", R"("reasonCode":[{"text":"a"}],"status":"completed")"))
                    .conditions.empty());
}

// A reason of another shape might have been the alarm.
TEST(EncounterResource, AReasonOfAnotherShapeSpoilsIt) {
    for (const char* reason : {R"("reasonCode":{"text":"a"})", R"("reason":{"text":"a"})", R"("reasonCode":"a")",
                               R"("reasonCode":["a"])", R"("reason":[{"value":{"concept":{"text":"a"}}}])"}) {
        for (const std::string& encounter :
             {resource("Encounter", reason), "{" + k_of_p1 + "," + reason + R"(,"resourceType":"Encounter"})"}) {
            const auto record = one("encounters", encounter);
            EXPECT_EQ(record.unreadable, 1U) << encounter;
            EXPECT_TRUE(record.conditions.empty()) << encounter;
            EXPECT_EQ(record[Source::encounter], Supply::partial) << encounter;
        }
    }
    EXPECT_EQ(
        one("encounters", "{" + k_of_p1 + R"(,"reason":{"text":"a"},"resourceType":"ReferralRequest"})").unreadable,
        0U);
}

Observation observation(const std::string& members) {
    const auto record = one("laboratory", resource("Observation", members));
    EXPECT_EQ(record.observations.size(), 1U) << members;
    return record.observations.empty() ? Observation{} : record.observations[0];
}

TEST(ObservationResource, TimeIsTheFirstOfItsSources) {
    const std::string all[] = {R"("effectiveDateTime":"2026-01-01T00:00:00Z")",
                               R"("effectiveInstant":"2026-01-02T00:00:00Z")",
                               R"("effectivePeriod":{"start":"2026-01-04T00:00:00Z","end":"2026-01-03T00:00:00Z"})",
                               R"("effectiveTiming":{"event":["2025-01-01","2026-01-05T00:00:00Z"]})",
                               R"("issued":"2026-01-06T00:00:00Z")",
                               R"("meta":{"lastUpdated":"2026-01-07T00:00:00Z"})"};
    const std::string_view expected[] = {"2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z",
                                         "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z", "2026-01-07T00:00:00Z"};
    for (std::size_t from = 0; from < std::size(all); ++from) {
        std::string members = R"("status":"final")";
        for (std::size_t i = std::size(all); i-- > from;) members += "," + all[i];
        const auto time = observation(members).time;
        ASSERT_TRUE(time) << members;
        EXPECT_EQ(time->earliest, at(expected[from])) << members;
    }
    EXPECT_EQ(observation(R"("effectivePeriod":{"start":"2026-01-04T00:00:00Z"},"issued":"2026")").time->earliest,
              at("2026-01-04T00:00:00Z"));
    EXPECT_FALSE(observation(R"("status":"final")").time);
}

TEST(ObservationResource, AnImpossibleDateIsNone) {
    EXPECT_EQ(observation(R"("effectiveDateTime":"2026-02-30","issued":"2026-03-01T00:00:00Z")").time->earliest,
              at("2026-03-01T00:00:00Z"));
    EXPECT_FALSE(observation(R"("effectiveDateTime":"2026-02-30","issued":"soon")").time);
}

// What is asked of it is asked of a time.
TEST(ObservationResource, OneWithoutATimeLeavesItsSearchIncomplete) {
    const auto supply = [](const std::string& code, const std::string& date) {
        const std::string members =
            R"("status":"final","code":{"coding":[{"system":"http://loinc.org","code":")" + code + "\"}]}" + date;
        return one("vitals", resource("Observation", members))[Source::vital_signs];
    };
    EXPECT_EQ(supply("718-7", R"(,"issued":"2026-06-01")"), Supply::complete);
    EXPECT_EQ(supply("718-7", ""), Supply::partial);
    EXPECT_EQ(supply("718-7", R"(,"effectiveDateTime":"26.11.2026")"), Supply::partial);
    EXPECT_EQ(supply("1-8", ""), Supply::complete) << "no code that is asked for";
}

TEST(ObservationResource, HasPartsOnlyWhereThereIsOne) {
    EXPECT_FALSE(observation(R"("component":[],"hasMember":[])").has_parts);
    EXPECT_TRUE(observation(R"("hasMember":[{"reference":"Observation/x"}])").has_parts);
    const auto record = one("laboratory", resource("Observation", R"("component":[{"valueInteger":1}])"));
    EXPECT_TRUE(record.observations.at(0).has_parts);
}

TEST(ObservationResource, StatusIsKept) {
    const std::pair<std::string, ObservationStatus> table[] = {{"final", ObservationStatus::final_},
                                                               {"amended", ObservationStatus::amended},
                                                               {"corrected", ObservationStatus::corrected},
                                                               {"preliminary", ObservationStatus::preliminary},
                                                               {"registered", ObservationStatus::other},
                                                               {"cancelled", ObservationStatus::other},
                                                               {"entered-in-error", ObservationStatus::other},
                                                               {"unknown", ObservationStatus::other},
                                                               {"", ObservationStatus::other}};
    for (const auto& [status, value] : table)
        EXPECT_EQ(observation(R"("status":")" + status + "\"").status, value) << status;
}

TEST(ObservationResource, ValuesOfEveryKind) {
    const auto record = one(
        "laboratory",
        resource(
            "Observation",
            R"("valueQuantity":{"value":6.80,"unit":"gm/dL","system":"http://unitsofmeasure.org","code":"g/dL","comparator":"<="})"));
    const auto& quantity = record.observations.at(0).quantity;
    EXPECT_EQ(quantity.value, "6.80");
    EXPECT_EQ(quantity.comparator, Comparator::le);
    EXPECT_EQ(quantity.unit, "gm/dL");
    EXPECT_EQ(quantity.system, "http://unitsofmeasure.org");
    EXPECT_EQ(quantity.code, "g/dL");
    const std::pair<std::string, ValueKind> table[] = {
        {R"("valueQuantity":{})", ValueKind::quantity},
        {R"("valueCodeableConcept":{"text":"Positive"})", ValueKind::concept_},
        {R"("valueString":"Yes")", ValueKind::string},
        {R"("valueBoolean":false)", ValueKind::boolean},
        {R"("valueInteger":5)", ValueKind::integer},
        {R"("valueRange":{})", ValueKind::other},
        {R"("valueSampledData":{})", ValueKind::other},
        {R"("valueDateTime":"2026")", ValueKind::other},
        {R"("_valueString":{})", ValueKind::none},
        {R"("valueString":null)", ValueKind::none},
        {R"("x":1)", ValueKind::none}};
    for (const auto& [member, kind] : table) EXPECT_EQ(observation(member).kind, kind) << member;
    EXPECT_TRUE(observation(R"("valueBoolean":true)").boolean);
}

// A primitive that has only an extension says that there is an answer that nobody knows.
TEST(ObservationResource, AValueMayBeAbsentByAnExtension) {
    const auto absent = [](const std::string& name, const std::string& url) {
        return "\"" + name + R"(":{"extension":[{"url":"x","valueCode":"unknown"},{"url":")" + url +
               R"(","valueCode":"asked-declined"}]})";
    };
    const std::string reason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    for (const char* name : {"_valueBoolean", "_valueString", "_valueInteger", "_valueDateTime"}) {
        EXPECT_TRUE(observation(absent(name, reason)).data_absent) << name;
        EXPECT_EQ(observation(absent(name, reason)).kind, ValueKind::none) << name;
        EXPECT_FALSE(observation(absent(name, "y")).data_absent) << name;
    }
    EXPECT_FALSE(observation(absent("_status", reason)).data_absent);
    const auto record =
        one("laboratory", resource("Observation", R"("component":[{)" + absent("_valueBoolean", reason) + "}]"));
    ASSERT_EQ(record.observations.size(), 2U);
    EXPECT_TRUE(record.observations[1].data_absent);
}

TEST(ObservationResource, AHugeNumberMakesTheQuantityUnreadableNotTheRequest) {
    const auto record = one("laboratory", resource("Observation", R"("valueQuantity":{"value":1e400,"unit":"g/L"})"));
    EXPECT_FALSE(read_micro(record.observations.at(0).quantity.value));
}

// Not even a unit: so it is told as a measurement that cannot be read, and not taken for none.
TEST(ObservationResource, AnUnknownComparatorLeavesNoValue) {
    for (const char* comparator : {R"("~")", R"("ad")", R"("")", "5"}) {
        const auto record =
            one("laboratory",
                resource("Observation", R"("valueQuantity":{"value":5,"unit":"g/L","code":"g/L","comparator":)" +
                                            std::string(comparator) + "}"));
        EXPECT_EQ(record.observations.at(0).quantity.value, "");
        EXPECT_EQ(record.observations.at(0).quantity.unit, "");
        EXPECT_EQ(record.observations.at(0).quantity.code, "");
        EXPECT_EQ(record.observations.at(0).kind, ValueKind::quantity);
    }
}

TEST(ObservationResource, ComponentsAreObservationsOfTheirOwn) {
    const auto record =
        one("vitals",
            R"({"resourceType":"Observation","component":[{"code":{"text":"systolic"},"valueQuantity":{"value":120}},
        {"code":{"text":"diastolic"},"dataAbsentReason":{}}],"id":"bp","code":{"text":"panel"},"bodySite":{"text":"arm"},"effectiveDateTime":"2026-06-15","status":"final","subject":{"reference":"Patient/p1"}})");
    ASSERT_EQ(record.observations.size(), 3U);
    EXPECT_TRUE(record.observations[0].has_parts);
    EXPECT_FALSE(record.observations[0].component);
    EXPECT_EQ(record.observations[0].code.text, "panel");
    for (const std::size_t i : {1U, 2U}) {
        EXPECT_TRUE(record.observations[i].component);
        EXPECT_EQ(record.observations[i].status, ObservationStatus::final_);
        EXPECT_EQ(record.observations[i].time, read_time("2026-06-15", Zone{}));
        EXPECT_EQ(record.observations[i].resource, 0U);
    }
    EXPECT_EQ(record.observations[1].quantity.value, "120");
    EXPECT_TRUE(record.observations[2].data_absent);
    EXPECT_TRUE(observation(R"("hasMember":[{}])").has_parts);
}

// Pain of the knee is none of the anus, however the site is written.
TEST(ObservationResource, TheBodySiteIsReadInAllItsForms) {
    const auto words = [](const std::string& member) {
        const auto record = one("laboratory", resource("Observation", member));
        std::string text;
        if (record.observations.empty()) return text;
        const auto& site = record.observations[0].body_site;
        for (const auto& coding : record.in(site))
            text += "[" + std::string(coding.code.empty() ? coding.display : coding.code) + "]";
        return text + std::string(site.text);
    };
    EXPECT_EQ(words(R"("bodySite":{"text":"knee","coding":[{"system":"s","code":"7"}]})"), "[7]knee");
    EXPECT_EQ(words(R"("bodySite":[{"text":"knee","coding":[{"system":"s","code":"7"}]},{"text":"anus"},{}])"),
              "[7][knee][anus]");
    EXPECT_EQ(words(R"("bodyStructure":{"reference":"#b","display":"knee"})"), "[knee]");
    EXPECT_EQ(words(R"("bodyStructure":{"reference":"BodyStructure/1"})"), "[]") << "a site that nobody can read";
    EXPECT_EQ(words(R"("bodySite":[])"), "");
    EXPECT_EQ(one("laboratory", resource("Observation", R"("bodySite":"knee")")).unreadable, 1U);
    EXPECT_EQ(one("procedures", resource("Procedure", R"("bodySite":[{"text":"knee"}])")).procedures.size(), 1U);
}

TEST(ObservationResource, InterpretationsAreGathered) {
    const auto record = one(
        "laboratory",
        resource(
            "Observation",
            R"("interpretation":[{"coding":[{"code":"POS"},{"display":"x"}]},{"text":"high"},{"coding":[{"code":"H"}]}])"));
    const auto codings = record.in(record.observations.at(0).interpretation);
    ASSERT_EQ(codings.size(), 3U);
    EXPECT_EQ(codings[0].code, "POS");
    EXPECT_EQ(codings[2].code, "H");
}

TEST(ProcedureAndOrder, StatusAndTime) {
    const auto procedure =
        one("procedures",
            resource("Procedure",
                     R"("status":"completed","performedPeriod":{"start":"2026-01","end":"2026-02"},"bodySite":[{}])"));
    EXPECT_EQ(procedure.procedures.at(0).status, EventStatus::completed);
    EXPECT_EQ(procedure.procedures.at(0).performed, read_time("2026-02", Zone{}));
    EXPECT_EQ(one("procedures", resource("Procedure", R"("performedDateTime":"2026-01")")).procedures.at(0).performed,
              read_time("2026-01", Zone{}));
    const auto order = one(
        "procedures",
        resource(
            "ServiceRequest",
            R"("status":"on-hold","doNotPerform":true,"occurrenceDateTime":"2026-03","authoredOn":"2026-02","code":{"text":"FIT"})"));
    EXPECT_EQ(order.service_requests.at(0).status, EventStatus::on_hold);
    EXPECT_TRUE(order.service_requests.at(0).do_not_perform);
    EXPECT_EQ(order.service_requests.at(0).ordered, read_time("2026-02", Zone{}));
    EXPECT_EQ(order.service_requests.at(0).code.text, "FIT");
}

TEST(MedicationUseResource, TimeIsTheFirstOfItsSources) {
    const auto time = [](const std::string& members) {
        return one("medications", resource("MedicationStatement", members)).medications.at(0).time;
    };
    const std::string period = R"("effectivePeriod":{"start":"2026-03","end":"2026-01"})",
                      start = R"("effectivePeriod":{"start":"2026-03"})", date = R"("effectiveDateTime":"2026-02")",
                      authored = R"("authoredOn":"2026-04")", asserted = R"("dateAsserted":"2026-05")";
    EXPECT_EQ(time(authored + "," + date + "," + period), read_time("2026-01", Zone{}));
    EXPECT_EQ(time(authored + "," + date + "," + start), read_time("2026-02", Zone{}));
    EXPECT_EQ(time(authored + "," + start), read_time("2026-03", Zone{}));
    EXPECT_EQ(time(asserted + "," + authored), read_time("2026-04", Zone{}));
    EXPECT_EQ(time(asserted), read_time("2026-05", Zone{}));
}

TEST(MedicationUseResource, MedicationMayBeReferredTo) {
    const auto text = [](const std::string& members, const std::string& others = "") {
        const auto record =
            record_of("\"medications\":" + searchset(entry(resource("MedicationRequest", members)) + others));
        return std::string(record.medications.at(0).medication.text);
    };
    const std::string warfarin =
        R"(,{"fullUrl":"urn:uuid:7","resource":{"resourceType":"Medication","id":"w","code":{"text":"Warfarin"}}})";
    const auto reference = [](const std::string& to) { return R"("medicationReference":{"reference":")" + to + "\"}"; };
    EXPECT_EQ(text(R"("medicationCodeableConcept":{"text":"Aspirin"})"), "Aspirin");
    EXPECT_EQ(
        text(
            reference("#m") +
            R"(,"contained":[{"id":"x","resourceType":"Medication"},{"code":{"text":"Warfarin"},"id":"m","resourceType":"Medication"}])"),
        "Warfarin");
    EXPECT_EQ(text(reference("#m") + R"(,"contained":[{"code":{"text":"x"},"id":"m","resourceType":"Substance"}])"),
              "");
    for (const std::string to :
         {"Medication/w", "https://ehr/fhir/Medication/w", "Medication/w/_history/2", "urn:uuid:7"})
        EXPECT_EQ(text(reference(to), warfarin), "Warfarin") << to;
    for (const std::string to : {"Medication/v", "Substance/w", "w", "#w", "XMedication/w", "urn:uuid:8", ""})
        EXPECT_EQ(text(reference(to), warfarin), "") << to;
    EXPECT_EQ(text(R"("x":1)", warfarin), "");
}

// A local code says nothing to anybody else; what the reference is called does.
TEST(MedicationUseResource, IsCalledWhatTheReferenceDisplaysWhereTheMedicationHasNoText) {
    const auto text = [](const std::string& to, const std::string& medication) {
        const std::string reference = R"("medicationReference":{"display":"apixaban 5 mg","reference":")" + to + "\"}";
        const std::string known = R"({"resourceType":"Medication","id":"m",)" + medication + "}";
        const auto record =
            record_of("\"medications\":" +
                      searchset(entry(resource("MedicationRequest", reference + R"(,"contained":[)" + known + "]")) +
                                "," + entry(known)));
        EXPECT_EQ(record.medications.size(), 1U);
        return std::string(record.medications.at(0).medication.text);
    };
    for (const std::string to : {"Medication/m", "#m"}) {
        EXPECT_EQ(text(to, R"("code":{"coding":[{"system":"urn:local","code":"7"}]})"), "apixaban 5 mg") << to;
        EXPECT_EQ(text(to, R"("code":{"text":"Senna"})"), "Senna") << to;
        EXPECT_EQ(text(to, R"("status":"active")"), "apixaban 5 mg") << to;
    }
    EXPECT_EQ(text("#gone", R"("code":{"text":"Senna"})"), "apixaban 5 mg");
}

// It may be any: its search does not say that there is none.
TEST(MedicationUseResource, WithoutANameItLeavesItsSearchIncomplete) {
    const auto supply = [](const std::string& members) {
        return one("medications", resource("MedicationRequest", members))[Source::medication_request];
    };
    const std::string reference = R"("medicationReference":{"reference":"Medication/nobody-supplied-it")";
    EXPECT_EQ(supply(R"("status":"active",)" + reference + "}"), Supply::partial);
    EXPECT_EQ(supply(R"("status":"active","medicationReference":{"reference":"#gone"})"), Supply::partial);
    EXPECT_EQ(supply(R"("status":"completed","medicationCodeableConcept":{})"), Supply::partial);
    EXPECT_EQ(supply(R"("status":"active",)" + reference + R"(,"display":"warfarin 5 MG"})"), Supply::complete);
    EXPECT_EQ(supply(R"("status":"cancelled",)" + reference + "}"), Supply::complete);
    EXPECT_EQ(supply(R"("status":"active","doNotPerform":true,)" + reference + "}"), Supply::complete);
}

TEST(Shapes, AResourceThatIsNotFhirIsCountedAndLeftOut) {
    for (const std::string members : {R"("code":"x")",
                                      R"("code":[])",
                                      R"("code":{"coding":{}})",
                                      R"("code":{"coding":["x"]})",
                                      R"("code":{"coding":[{"code":7187}]})",
                                      R"("code":{"coding":[{"system":{},"code":"718-7"}]})",
                                      R"("clinicalStatus":5)",
                                      R"("verificationStatus":5)",
                                      R"("status":5)",
                                      R"("valueQuantity":5)",
                                      R"("valueQuantity":{"value":"5"})",
                                      R"("valueQuantity":{"unit":"g","value":{}})",
                                      R"("valueBoolean":"true")",
                                      R"("valueString":{})",
                                      R"("valueInteger":"5")",
                                      R"("component":{})",
                                      R"("component":[5])",
                                      R"("valueString":"a","valueBoolean":true)",
                                      R"("doNotPerform":"true")",
                                      R"("medicationReference":"x")",
                                      R"("code":{},"code":{})",
                                      R"("subject":{"reference":"Patient/p1"})"}) {
        const auto record = one("laboratory", resource("Observation", members));
        EXPECT_TRUE(record.resources.empty()) << members;
        EXPECT_TRUE(record.observations.empty()) << members;
        EXPECT_EQ(record.unreadable, 1U) << members;
        EXPECT_EQ(record[Source::laboratory], Supply::partial) << members;
    }
}

TEST(Shapes, APartThatChangesNothingMayBeWrong) {
    for (const std::string members :
         {R"("issued":5)", R"("effectiveDateTime":{})", R"("meta":5)", R"("text":5)", R"("code":{"text":5})",
          R"("code":{"coding":[null,{"display":7}]})", R"("contained":{})", R"("code":null)",
          R"("interpretation":null)", R"("category":"x")", R"("valueQuantity":{"value":null,"unit":5})"}) {
        const auto record = one("laboratory", resource("Observation", members));
        EXPECT_EQ(record.observations.size(), 1U) << members;
        EXPECT_EQ(record.unreadable, 0U) << members;
    }
}

TEST(Text, OutlivesTheRequest) {
    const auto body =
        request("\"conditions\":" +
                searchset(entry(resource(
                    "Condition",
                    R"("code":{"text":"Rectal \"bleeding\"","coding":[{"system":"s","code":"c","display":"d"}]})"))));
    auto json = std::make_unique<PaddedJson>(body);
    const auto record = std::move(read_hook_request(*json, keys(), {codes(), Zone{}})->record);
    json.reset();
    const std::vector<std::string> next_owners_of_its_memory(100, std::string(body.size() + k_padding, '#'));
    const auto& code = record.conditions.at(0).code;
    EXPECT_EQ(code.text, "Rectal \"bleeding\"");
    EXPECT_EQ(record.in(code)[0].system, "s");
    EXPECT_EQ(record.in(code)[0].code, "c");
    EXPECT_EQ(record.resources.at(0).id, "r1");
    EXPECT_EQ(record.patient.id, "p1");
}

}  // namespace
}  // namespace proctor::fhir::reading
