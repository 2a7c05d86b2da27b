#include "hooks/draft_order.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace proctor::hooks {
namespace {

using json = nlohmann::ordered_json;
using fhir::Version;
using rules::OrderKind;

constexpr const char* k_snomed = "http://snomed.info/sct";  // category of the content is SNOMED CT

json concept_of(const std::string& system, const std::string& code, const std::string& display) {
    json coding = {{"system", system}, {"code", code}};
    if (!display.empty()) coding["display"] = display;
    json concept_ = {{"coding", json::array({std::move(coding)})}};
    if (!display.empty()) concept_["text"] = display;
    return concept_;
}

json code_of(const rules::Order& order) { return concept_of(order.system, order.code, order.display); }

json category_of(const rules::Order& order) { return concept_of(k_snomed, order.category, order.categoryDisplay); }

json reference(const std::string& target) { return {{"reference", target}}; }

// `as`: the member of each element that holds the reference (R5 CodeableReference); nullptr: the element is one.
void add_references(json& resource, const char* member, const std::vector<std::string>& targets, const char* as) {
    for (const auto& target : targets) {
        resource[member].push_back(as == nullptr ? reference(target) : json{{as, reference(target)}});
    }
}

// FHIR 4.0.1 and 5.0.0 ServiceRequest, 3.0.2 ProcedureRequest and ReferralRequest: the Request pattern.
json write_request(const DraftOrder& draft, Version version) {
    const rules::Order& order = draft.order;
    const bool r5 = version == Version::r5, stu3 = version == Version::stu3;
    const bool referral = stu3 && order.kind == OrderKind::referral;
    const char* type = referral ? "ReferralRequest" : stu3 ? "ProcedureRequest" : "ServiceRequest";
    json resource = {{"resourceType", type}, {"status", "draft"}, {"intent", "proposal"}};
    if (!order.category.empty()) {
        if (referral)
            resource["type"] = category_of(order);
        else
            resource["category"] = json::array({category_of(order)});
    }
    if (referral)
        resource["serviceRequested"] = json::array({code_of(order)});
    else
        resource["code"] = r5 ? json{{"concept", code_of(order)}} : code_of(order);
    resource["subject"] = reference(draft.subject);
    if (!draft.encounter.empty()) resource[stu3 ? "context" : "encounter"] = reference(draft.encounter);
    resource["authoredOn"] = draft.authoredOn;
    add_references(resource, r5 ? "reason" : "reasonReference", draft.reasonReference, r5 ? "reference" : nullptr);
    add_references(resource, "supportingInfo", draft.supportingInfo, r5 ? "reference" : nullptr);
    return resource;
}

// FHIR 1.0.2 DiagnosticOrder.
json write_diagnostic_order(const DraftOrder& draft) {
    json resource = {{"resourceType", "DiagnosticOrder"}, {"status", "draft"}};
    resource["subject"] = reference(draft.subject);
    if (!draft.encounter.empty()) resource["encounter"] = reference(draft.encounter);
    add_references(resource, "supportingInformation", draft.reasonReference, nullptr);
    resource["event"] = json::array({{{"status", "draft"}, {"dateTime", draft.authoredOn}}});
    resource["item"] = json::array({{{"code", code_of(draft.order)}}});
    return resource;
}

// FHIR 1.0.2 ProcedureRequest.
json write_procedure_request(const DraftOrder& draft) {
    json resource = {{"resourceType", "ProcedureRequest"}, {"status", "draft"}};
    resource["subject"] = reference(draft.subject);
    resource["code"] = code_of(draft.order);
    const auto& reasons = draft.reasonReference;
    const auto condition = std::find_if(reasons.begin(), reasons.end(),
                                        [](const std::string& target) { return target.rfind("Condition/", 0) == 0; });
    if (condition != reasons.end()) resource["reasonReference"] = reference(*condition);
    if (!draft.encounter.empty()) resource["encounter"] = reference(draft.encounter);
    resource["orderedOn"] = draft.authoredOn;
    return resource;
}

// FHIR 1.0.2 ReferralRequest.
json write_referral_request(const DraftOrder& draft) {
    json resource = {{"resourceType", "ReferralRequest"}, {"status", "draft"}, {"date", draft.authoredOn}};
    if (!draft.order.category.empty()) resource["type"] = category_of(draft.order);
    resource["patient"] = reference(draft.subject);
    if (!draft.encounter.empty()) resource["encounter"] = reference(draft.encounter);
    resource["serviceRequested"] = json::array({code_of(draft.order)});
    add_references(resource, "supportingInformation", draft.reasonReference, nullptr);
    add_references(resource, "supportingInformation", draft.supportingInfo, nullptr);
    return resource;
}

json write_dstu2(const DraftOrder& draft) {
    switch (draft.order.kind) {
        case OrderKind::test:
        case OrderKind::imaging: return write_diagnostic_order(draft);
        case OrderKind::procedure: return write_procedure_request(draft);
        case OrderKind::referral: return write_referral_request(draft);
    }
    return {};
}

}  // namespace

std::string write_draft_order(const DraftOrder& draft, Version version) {
    const json resource = version == Version::dstu2 ? write_dstu2(draft) : write_request(draft, version);
    return resource.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace proctor::hooks
