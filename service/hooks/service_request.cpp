#include "hooks/service_request.h"

#include <nlohmann/json.hpp>

namespace proctor::hooks {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* k_snomed = "http://snomed.info/sct";  // ServiceRequest.category of the content is SNOMED CT

json concept_of(const std::string& system, const std::string& code, const std::string& display) {
    json coding = {{"system", system}, {"code", code}};
    if (!display.empty()) coding["display"] = display;
    json concept_ = {{"coding", json::array({std::move(coding)})}};
    if (!display.empty()) concept_["text"] = display;
    return concept_;
}

json references(const std::vector<std::string>& targets) {
    json array = json::array();
    for (const auto& target : targets) array.push_back({{"reference", target}});
    return array;
}

}  // namespace

std::string write_service_request(const DraftRequest& draft) {
    const rules::Order& order = draft.order;
    json resource = {{"resourceType", "ServiceRequest"}, {"status", "draft"}, {"intent", "proposal"}};
    if (!order.category.empty()) {
        resource["category"] = json::array({concept_of(k_snomed, order.category, order.categoryDisplay)});
    }
    resource["code"] = concept_of(order.system, order.code, order.display);
    resource["subject"] = {{"reference", draft.subject}};
    if (!draft.encounter.empty()) resource["encounter"] = {{"reference", draft.encounter}};
    resource["authoredOn"] = draft.authoredOn;
    if (!draft.reasonReference.empty()) resource["reasonReference"] = references(draft.reasonReference);
    if (!draft.supportingInfo.empty()) resource["supportingInfo"] = references(draft.supportingInfo);
    return resource.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace proctor::hooks
