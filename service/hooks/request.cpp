#include "hooks/request.h"

#include <algorithm>
#include <string_view>

#include "base/digest.h"
#include "hooks/hook_table.h"
#include "hooks/settings.h"

namespace proctor::hooks {
namespace {

using fhir::HookEnvelope;
using fhir::Source;
using fhir::Supply;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// FHIR's id, and the underscore that some servers use: whatever else it held would end up in references we
// write.
bool is_id(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

// "Practitioner/123", or an absolute reference that ends so.
bool is_user(std::string_view text) {
    const auto slash = text.rfind('/');
    if (slash == std::string_view::npos || slash + 1 == text.size()) return false;
    const auto before = text.substr(0, slash);
    const auto type = before.substr(before.rfind('/') + 1);  // npos + 1 is 0
    return !type.empty() && type.front() >= 'A' && type.front() <= 'Z' &&
           std::all_of(type.begin(), type.end(), is_letter);
}

Fault required(std::string_view member) {
    return {"required", std::string(member) + " is missing", "Request." + std::string(member)};
}

Fault invalid(std::string_view member, std::string_view reason) {
    return {"value", std::string(member) + " " + std::string(reason), "Request." + std::string(member)};
}

void check_call(const HookEnvelope& envelope, bool served, std::vector<Fault>& faults) {
    if (envelope.hook.empty())
        faults.push_back(required("hook"));
    else if (!served)
        faults.push_back(invalid("hook", "is not a hook that this service serves"));
    if (envelope.hookInstance.empty())
        faults.push_back(required("hookInstance"));
    else if (!is_uuid(envelope.hookInstance))
        faults.push_back(invalid("hookInstance", "is not a UUID"));
    // CDS Hooks 3.0, invariant cds-r-1.
    if (envelope.fhirAuthorization && envelope.fhirServer.empty()) faults.push_back(required("fhirServer"));
}

void check_context(const HookEnvelope& envelope, const HookContext& owed, std::vector<Fault>& faults) {
    if (envelope.context_members.empty()) {
        faults.push_back(required("context"));
        return;
    }
    if (envelope.patientId.empty())
        faults.push_back(required("context.patientId"));
    else if (!is_id(envelope.patientId))
        faults.push_back(invalid("context.patientId", "is not a FHIR id"));
    if (envelope.userId.empty()) {
        if (owed.needs_user) faults.push_back(required("context.userId"));
    } else if (!is_user(envelope.userId)) {
        faults.push_back(invalid("context.userId", "is not of the form Type/id"));
    }
    if (owed.needs_encounter && envelope.encounterId.empty()) faults.push_back(required("context.encounterId"));
    if (owed.needs_selections && !envelope.has_selections) faults.push_back(required("context.selections"));
    if (owed.needs_draftOrders && !envelope.has_draftOrders) faults.push_back(required("context.draftOrders"));
    if (owed.needs_conditions && !envelope.has_conditions) faults.push_back(required("context.conditions"));
}

// A token for another patient must not read this one's chart, and this one's data must not go with it.
bool is_for_another_patient(const HookEnvelope& envelope) {
    const auto& authorization = envelope.fhirAuthorization;
    return authorization && !authorization->patient.empty() && authorization->patient != envelope.patientId;
}

bool missing(const fhir::Record& record, Source source) {
    const Supply supply = record[source];
    return supply == Supply::absent || supply == Supply::failed;
}

// The names under which a source is asked for: the client's, or ours where the client's map has none.
std::vector<std::string> keys_of(Source source, const fhir::PrefetchKeys& keys) {
    std::vector<std::string> names;
    for (const auto* table : {&keys, &default_keys()}) {
        for (const auto& [name, known] : *table) {
            if (known == source) names.push_back(name);
        }
        if (!names.empty()) break;
    }
    return names;
}

}  // namespace

std::optional<Refusal> check_envelope(const HookEnvelope& envelope, std::string_view service) {
    const HookContext* known = find_hook(envelope.hook);
    const bool served = known != nullptr && (service == k_any_service || known->service == service);
    Refusal refusal;
    check_call(envelope, served, refusal.faults);
    check_context(envelope, served ? *known : HookContext{.needs_user = true}, refusal.faults);
    if (!refusal.faults.empty()) return refusal;
    if (!is_for_another_patient(envelope)) return std::nullopt;
    return Refusal{412, {invalid("fhirAuthorization.patient", "is not the patient of the context")}};
}

std::optional<Refusal> check_supply(const fhir::HookDocument& document, const fhir::PrefetchKeys& keys) {
    constexpr Source k_observations[] = {Source::laboratory, Source::vital_signs, Source::survey, Source::exam};
    const fhir::Record& record = document.record;
    std::vector<Source> wanted;
    // A Patient that the client looked for and did not find (null) is as little a patient as one not
    // supplied.
    if (missing(record, Source::patient) || record.patient.id.empty()) wanted.push_back(Source::patient);
    const bool no_observation = std::all_of(std::begin(k_observations), std::end(k_observations),
                                            [&](Source source) { return missing(record, source); });
    if (missing(record, Source::condition) && no_observation) {
        wanted.push_back(Source::condition);
        wanted.insert(wanted.end(), std::begin(k_observations), std::end(k_observations));
    }
    if (wanted.empty()) return std::nullopt;
    Refusal refusal{412, {}};
    for (const Source source : wanted) {
        const char* how = record[source] == Supply::failed ? " could not be read" : " was not supplied";
        for (const auto& key : keys_of(source, keys)) {
            refusal.faults.push_back({"incomplete", "prefetch " + key + how, "Request.prefetch." + key});
        }
    }
    return refusal;
}

}  // namespace proctor::hooks
