#include "hooks/draft_order.h"

#include <algorithm>

#include "base/json_writer.h"

namespace proctor::hooks {
namespace {

using fhir::Version;
using rules::OrderKind;

constexpr const char* k_snomed = "http://snomed.info/sct";  // category of the content is SNOMED CT

void put(JsonWriter& out, const char* name, const std::string& value) { out.name(name).text(value); }

void write_concept(JsonWriter& out, const std::string& system, const std::string& code, const std::string& display) {
    out.object().name("coding").array().object();
    put(out, "system", system);
    put(out, "code", code);
    if (!display.empty()) put(out, "display", display);
    out.end().end();
    if (!display.empty()) put(out, "text", display);
    out.end();
}

void write_code(JsonWriter& out, const rules::Order& order) {
    write_concept(out, order.system, order.code, order.display);
}

void write_category(JsonWriter& out, const rules::Order& order) {
    write_concept(out, k_snomed, order.category, order.categoryDisplay);
}

void write_reference(JsonWriter& out, const std::string& target) {
    put(out.object(), "reference", target);
    out.end();
}

// `as`: the member of each element that holds the reference (R5 CodeableReference); nullptr: the element is one.
void write_reference_as(JsonWriter& out, const char* as, const std::string& target) {
    if (as == nullptr) return write_reference(out, target);
    write_reference(out.object().name(as), target);
    out.end();
}

void put_references(JsonWriter& out, const char* name, const char* as, const std::vector<std::string>& targets,
                    const std::vector<std::string>& more = {}) {
    if (targets.empty() && more.empty()) return;
    out.name(name).array();
    for (const auto& target : targets) write_reference_as(out, as, target);
    for (const auto& target : more) write_reference_as(out, as, target);
    out.end();
}

void begin(JsonWriter& out, const char* type) {
    put(out.object(), "resourceType", type);
    put(out, "status", "draft");
}

void put_encounter(JsonWriter& out, const char* name, const DraftOrder& draft) {
    if (!draft.encounter.empty()) write_reference(out.name(name), draft.encounter);
}

// FHIR 4.0.1 and 5.0.0 ServiceRequest, 3.0.2 ProcedureRequest and ReferralRequest: the Request pattern.
void write_request(JsonWriter& out, const DraftOrder& draft, Version version) {
    const rules::Order& order = draft.order;
    const bool r5 = version == Version::r5, stu3 = version == Version::stu3;
    const bool referral = stu3 && order.kind == OrderKind::referral;
    begin(out, referral ? "ReferralRequest" : stu3 ? "ProcedureRequest" : "ServiceRequest");
    put(out, "intent", "proposal");
    if (!order.category.empty() && referral) write_category(out.name("type"), order);
    if (!order.category.empty() && !referral) {
        write_category(out.name("category").array(), order);
        out.end();
    }
    if (referral) {
        write_code(out.name("serviceRequested").array(), order);
        out.end();
    } else if (r5) {
        write_code(out.name("code").object().name("concept"), order);
        out.end();
    } else {
        write_code(out.name("code"), order);
    }
    write_reference(out.name("subject"), draft.subject);
    put_encounter(out, stu3 ? "context" : "encounter", draft);
    put(out, "authoredOn", draft.authoredOn);
    put_references(out, r5 ? "reason" : "reasonReference", r5 ? "reference" : nullptr, draft.reasonReference);
    put_references(out, "supportingInfo", r5 ? "reference" : nullptr, draft.supportingInfo);
}

// FHIR 1.0.2 DiagnosticOrder.
void write_diagnostic_order(JsonWriter& out, const DraftOrder& draft) {
    begin(out, "DiagnosticOrder");
    write_reference(out.name("subject"), draft.subject);
    put_encounter(out, "encounter", draft);
    put_references(out, "supportingInformation", nullptr, draft.reasonReference);
    put(out.name("event").array().object(), "status", "draft");
    put(out, "dateTime", draft.authoredOn);
    out.end().end();
    write_code(out.name("item").array().object().name("code"), draft.order);
    out.end().end();
}

// FHIR 1.0.2 ProcedureRequest.
void write_procedure_request(JsonWriter& out, const DraftOrder& draft) {
    begin(out, "ProcedureRequest");
    write_reference(out.name("subject"), draft.subject);
    write_code(out.name("code"), draft.order);
    const auto& reasons = draft.reasonReference;
    const auto condition = std::find_if(reasons.begin(), reasons.end(),
                                        [](const std::string& target) { return target.rfind("Condition/", 0) == 0; });
    if (condition != reasons.end()) write_reference(out.name("reasonReference"), *condition);
    put_encounter(out, "encounter", draft);
    put(out, "orderedOn", draft.authoredOn);
}

// FHIR 1.0.2 ReferralRequest.
void write_referral_request(JsonWriter& out, const DraftOrder& draft) {
    begin(out, "ReferralRequest");
    put(out, "date", draft.authoredOn);
    if (!draft.order.category.empty()) write_category(out.name("type"), draft.order);
    write_reference(out.name("patient"), draft.subject);
    put_encounter(out, "encounter", draft);
    write_code(out.name("serviceRequested").array(), draft.order);
    out.end();
    put_references(out, "supportingInformation", nullptr, draft.reasonReference, draft.supportingInfo);
}

void write_dstu2(JsonWriter& out, const DraftOrder& draft) {
    switch (draft.order.kind) {
        case OrderKind::test:
        case OrderKind::imaging: return write_diagnostic_order(out, draft);
        case OrderKind::procedure: return write_procedure_request(out, draft);
        case OrderKind::referral: return write_referral_request(out, draft);
    }
}

}  // namespace

std::string write_draft_order(const DraftOrder& draft, Version version) {
    JsonWriter out;
    if (version == Version::dstu2)
        write_dstu2(out, draft);
    else
        write_request(out, draft, version);
    return out.end().take();
}

}  // namespace proctor::hooks
