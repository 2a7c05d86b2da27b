#include "hooks/request.h"

#include <gtest/gtest.h>

#include <functional>

#include "hooks/hook_table.h"
#include "hooks/settings.h"

namespace proctor::hooks::request_test {
namespace {

using fhir::HookEnvelope;
using fhir::Source;
using fhir::Supply;

HookEnvelope good_envelope() {
    HookEnvelope envelope;
    envelope.hook = "patient-view";
    envelope.hookInstance = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea";
    envelope.patientId = "p1";
    envelope.userId = "Practitioner/1";
    envelope.context_members = {"userId", "patientId"};
    return envelope;
}

// The expressions of all faults, in order.
std::string faults(const std::function<void(HookEnvelope&)>& change) {
    HookEnvelope envelope = good_envelope();
    change(envelope);
    const auto refusal = check_envelope(envelope, k_service_id);
    if (!refusal) return "";
    EXPECT_EQ(refusal->status, 400);
    std::string text;
    for (const auto& fault : refusal->faults)
        text += (text.empty() ? "" : " ") + fault.code + ':' + fault.expression.substr(8);
    return text;
}

TEST(CheckEnvelope, ACompleteEnvelopeIsAnswered) {
    EXPECT_EQ(faults([](auto&) {}), "");
}

TEST(CheckEnvelope, RefusesWhatTheSpecificationRequires) {
    struct Row {
        std::function<void(HookEnvelope&)> change;
        const char* expected;
    };
    const std::vector<Row> table = {
        {[](auto& e) { e.hook = ""; }, "required:hook"},
        {[](auto& e) { e.hook = "order-sign"; }, "value:hook"},
        {[](auto& e) { e.hook = "medication-prescribe"; }, "value:hook"},
        {[](auto& e) { e.hookInstance = ""; }, "required:hookInstance"},
        {[](auto& e) { e.hookInstance = "17"; }, "value:hookInstance"},
        {[](auto& e) { e.context_members.clear(), e.patientId = e.userId = ""; }, "required:context"},
        {[](auto& e) { e.patientId = ""; }, "required:context.patientId"},
        {[](auto& e) { e.patientId = "a b"; }, "value:context.patientId"},
        {[](auto& e) { e.patientId = "../p2"; }, "value:context.patientId"},
        {[](auto& e) { e.userId = ""; }, "required:context.userId"},
        {[](auto& e) { e.userId = "1"; }, "value:context.userId"},
        {[](auto& e) { e.userId = "Practitioner/"; }, "value:context.userId"},
        {[](auto& e) { e.userId = "/1"; }, "value:context.userId"},
        {[](auto& e) { e.userId = "practitioner/1"; }, "value:context.userId"},
        {[](auto& e) { e.fhirAuthorization.emplace(); }, "required:fhirServer"},
    };
    for (const auto& row : table) EXPECT_EQ(faults(row.change), row.expected);
}

TEST(CheckEnvelope, NamesEveryFaultNotOnlyTheFirst) {
    EXPECT_EQ(faults([](auto& e) {
                  e = HookEnvelope{};
                  e.fhirAuthorization.emplace();
              }),
              "required:hook required:hookInstance required:fhirServer required:context");
}

TEST(CheckEnvelope, IsLiberalWhereClientsDeviate) {
    EXPECT_EQ(faults([](auto& e) { e.userId = "https://ehr.example/fhir/PractitionerRole/1"; }), "");
    EXPECT_EQ(faults([](auto& e) { e.hookInstance = "D1577C69-DFBE-44AD-BA6D-3E05E953B2EA"; }), "");
    EXPECT_EQ(faults([](auto& e) { e.fhirAuthorization.emplace(), e.fhirServer = "https://ehr.example/fhir/"; }), "");
    EXPECT_EQ(faults([](auto& e) { e.fhirServer = "https://ehr.example/fhir"; }), "");
    EXPECT_EQ(faults([](auto& e) { e.patientId = "p_1.A-9"; }), "");
    EXPECT_EQ(faults([](auto& e) { e.context_members.push_back("com.example.more"); }), "");
    EXPECT_EQ(faults([](auto& e) { e.has_prefetch = false; }), "");
}

HookEnvelope envelope_with_token_for(const std::string& patient) {
    HookEnvelope envelope = good_envelope();
    envelope.fhirServer = "https://ehr.example/fhir";
    auto& authorization = envelope.fhirAuthorization.emplace();
    authorization.access_token.text = "secret-token";
    authorization.patient = patient;
    return envelope;
}

TEST(CheckEnvelope, ATokenOfThePatientOrOfNobodyIsAnswered) {
    for (const char* patient : {"p1", ""})
        EXPECT_FALSE(check_envelope(envelope_with_token_for(patient), k_service_id)) << patient;
}

TEST(CheckEnvelope, ATokenForAnotherPatientIsRefusedWithoutNamingEither) {
    for (const char* patient : {"p2", "P1", "p1/"}) {
        const auto refusal = check_envelope(envelope_with_token_for(patient), k_service_id);
        ASSERT_TRUE(refusal) << patient;
        EXPECT_EQ(refusal->status, 412);
        EXPECT_EQ(write_operation_outcome(*refusal),
                  R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"value",)"
                  R"("diagnostics":"fhirAuthorization.patient is not the patient of the context",)"
                  R"("expression":["Request.fhirAuthorization.patient"]}]})");
    }
}

TEST(CheckEnvelope, WhatTheSpecificationRequiresIsJudgedBeforeTheToken) {
    HookEnvelope envelope = envelope_with_token_for("p2");
    envelope.userId = "";
    EXPECT_EQ(check_envelope(envelope, k_service_id).value().status, 400);
}

// What each hook owes beside patientId (HL7/cds-hooks-library).
struct Owed {
    const char *hook, *service, *missing;
};

HookEnvelope with_all(const char* hook) {
    HookEnvelope envelope = good_envelope();
    envelope.hook = hook;
    envelope.encounterId = "e1";
    envelope.has_selections = envelope.has_draftOrders = envelope.has_conditions = true;
    return envelope;
}

TEST(CheckEnvelope, WithoutAnEndpointTheHookSaysTheService) {
    for (const auto& row : hook_table())
        EXPECT_FALSE(check_envelope(with_all(std::string(row.hook).c_str()), k_any_service)) << row.hook;
    HookEnvelope less = with_all("order-sign");
    less.has_draftOrders = false;
    EXPECT_EQ(check_envelope(less, k_any_service).value().faults[0].expression, "Request.context.draftOrders");
    EXPECT_EQ(check_envelope(with_all("order-review"), k_any_service).value().faults[0].expression, "Request.hook");
}

TEST(CheckEnvelope, EachHookIsRefusedWithoutWhatItOwesAndOnlyThen) {
    const Owed table[] = {
        {"patient-view", "anorectal-alarms", "context.userId"},
        {"encounter-start", "anorectal-alarms", "context.userId context.encounterId"},
        {"encounter-discharge", "anorectal-alarms", "context.userId context.encounterId"},
        {"order-select", "anorectal-drug-safety", "context.userId context.selections context.draftOrders"},
        {"order-sign", "anorectal-drug-safety", "context.userId context.draftOrders"},
        {"problem-list-item-create", "anorectal-benign-label", "context.userId context.conditions"},
    };
    for (const auto& row : table) {
        EXPECT_FALSE(check_envelope(with_all(row.hook), row.service)) << row.hook;
        HookEnvelope bare = good_envelope();
        bare.hook = row.hook;
        bare.userId = "";
        const auto refusal = check_envelope(bare, row.service);
        ASSERT_TRUE(refusal) << row.hook;
        std::string missing;
        for (const auto& fault : refusal->faults) {
            EXPECT_EQ(fault.code, "required");
            missing += (missing.empty() ? "" : " ") + fault.expression.substr(8);
        }
        EXPECT_EQ(missing, row.missing) << row.hook;
        EXPECT_EQ(refusal->status, 400);
    }
}

TEST(CheckEnvelope, AServiceTakesAnyOfItsHooksAndNoOther) {
    for (const auto& row : hook_table()) {
        for (const char* service : {"anorectal-alarms", "anorectal-drug-safety", "anorectal-benign-label"}) {
            const auto refusal = check_envelope(with_all(std::string(row.hook).c_str()), service);
            EXPECT_EQ(!refusal, row.service == service) << row.hook << " at " << service;
        }
    }
}

TEST(CheckEnvelope, TheRefusalSaysExactlyWhatIsMissing) {
    HookEnvelope envelope = with_all("order-select");
    envelope.has_selections = false;
    const auto refusal = check_envelope(envelope, "anorectal-drug-safety");
    ASSERT_TRUE(refusal);
    EXPECT_EQ(write_operation_outcome(*refusal),
              R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"required",)"
              R"("diagnostics":"context.selections is missing","expression":["Request.context.selections"]}]})");
}

// Keys named by a 412, in order; empty when the request may be answered.
std::string missing(const std::function<void(fhir::HookDocument&)>& change,
                    const fhir::PrefetchKeys& keys = default_keys()) {
    fhir::HookDocument document;
    document.record.patient.id = "p1";
    document.record.supply.fill(Supply::complete);
    change(document);
    const auto refusal = check_supply(document, keys);
    if (!refusal) return "";
    EXPECT_EQ(refusal->status, 412);
    std::string text;
    for (const auto& fault : refusal->faults) text += (text.empty() ? "" : " ") + fault.expression.substr(17);
    return text;
}

void set(fhir::HookDocument& document, std::initializer_list<Source> sources, Supply supply) {
    for (const auto source : sources) document.record.supply[static_cast<std::size_t>(source)] = supply;
}

constexpr std::initializer_list<Source> k_observations = {Source::laboratory, Source::vital_signs, Source::survey,
                                                          Source::exam};

TEST(CheckSupply, AnswersWhateverCanBeAnswered) {
    EXPECT_EQ(missing([](auto&) {}), "");
    EXPECT_EQ(missing([](auto& d) { set(d, {Source::condition}, Supply::absent); }), "");
    EXPECT_EQ(missing([](auto& d) { set(d, k_observations, Supply::absent); }), "");
    EXPECT_EQ(missing([](auto& d) {
                  set(d, {Source::procedure, Source::medication_request, Source::encounter}, Supply::failed);
              }),
              "");
    EXPECT_EQ(missing([](auto& d) {
                  set(d, {Source::condition}, Supply::absent);
                  set(d, {Source::laboratory, Source::survey, Source::exam}, Supply::absent);
              }),
              "");
    EXPECT_EQ(missing([](auto& d) {
                  set(d, {Source::condition}, Supply::partial);
                  set(d, k_observations, Supply::absent);
              }),
              "");
}

TEST(CheckSupply, RefusesWithoutPatientOrWithoutAnyFinding) {
    EXPECT_EQ(missing([](auto& d) { set(d, {Source::patient}, Supply::absent); }), "patient");
    EXPECT_EQ(missing([](auto& d) { set(d, {Source::patient}, Supply::failed); }), "patient");
    EXPECT_EQ(missing([](auto& d) { d.record.patient.id = ""; }), "patient");
    EXPECT_EQ(missing([](auto& d) {
                  set(d, {Source::condition}, Supply::absent);
                  set(d, k_observations, Supply::failed);
              }),
              "conditions laboratory vitalSigns survey exam");
    EXPECT_EQ(missing([](auto& d) { d.record.supply.fill(Supply::absent); }),
              "patient conditions laboratory vitalSigns survey exam");
}

TEST(CheckSupply, NamesTheClientsOwnKeys) {
    EXPECT_EQ(missing([](auto& d) { set(d, {Source::patient}, Supply::absent); }, {{"pat", Source::patient}}), "pat");
    EXPECT_EQ(missing([](auto& d) { set(d, {Source::patient}, Supply::absent); }, {{"cond", Source::condition}}),
              "patient");
}

TEST(OperationOutcome, IsValidAndHasNoEmptyMember) {
    EXPECT_EQ(write_operation_outcome(
                  {400, {{"required", "hook is missing", "Request.hook"}, {"structure", "malformed JSON", ""}}}),
              R"({"resourceType":"OperationOutcome","issue":[)"
              R"({"severity":"error","code":"required","diagnostics":"hook is missing","expression":["Request.hook"]},)"
              R"({"severity":"error","code":"structure","diagnostics":"malformed JSON"}]})");
}

}  // namespace
}  // namespace proctor::hooks::request_test
