#include "hooks/discovery.h"

#include "base/json.h"
#include "hooks/ehr_profile.h"
#include "hooks/hook_table.h"
#include "hooks/prefetch_query.h"

namespace proctor::hooks {
namespace {

using json = nlohmann::ordered_json;

json write_prefetch(const Service& service, const Settings& settings) {
    json prefetch = json::object();
    for (const auto& search : searches_of(service, settings, settings.fhirVersion.value_or(fhir::Version::r4))) {
        prefetch[search.key] = search.query;
    }
    return prefetch;
}

std::string describe_versions(const Settings& settings) {
    return settings.fhirVersion ? std::string(fhir::print(*settings.fhirVersion)) : "DSTU2, STU3, R4 or R5";
}

std::string describe_usage(const Settings& settings) {
    std::string text = "FHIR " + describe_versions(settings) +
                       " as prefetch. Patient is required, and Condition or at least one Observation search; "
                       "what else is missing is named on the cards as not checked.";
    const auto registration = profile_of(settings.ehr).registration;
    return registration.empty() ? text : text + ' ' + std::string(registration);
}

std::string describe_service(const Service& service, const rules::Content& content) {
    std::string text(service.description);
    text += " Supports, never replaces, a clinician's judgement.";
    if (!content.manifest.approved) text += " Content not yet approved by a clinician.";
    return text;
}

json write_service(const HookContext& row, const rules::Content& content, const Settings& settings) {
    const Service& service = *find_service(row.service);
    return {{"hook", row.hook},
            {"id", service.id},
            {"title", service.title},
            {"description", describe_service(service, content)},
            {"version", "3.0.0"},
            {"hookVersion", row.hookVersion},
            {"usageRequirements", describe_usage(settings)},
            {"prefetch", write_prefetch(service, settings)}};
}

}  // namespace

std::string write_discovery(const rules::Content& content, const Settings& settings) {
    json services = json::array();
    for (const HookContext& row : hook_table()) {
        if (fires(profile_of(settings.ehr), row.hook)) services.push_back(write_service(row, content, settings));
    }
    const json document = {{"services", std::move(services)}};
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace proctor::hooks
