#include "hooks/suggestions.h"

#include <algorithm>

#include "hooks/datum.h"
#include "hooks/draft_order.h"
#include "hooks/identity.h"
#include "rules/live_order.h"

namespace proctor::hooks {
namespace {

using rules::Order;

// References on one draft: enough to show why, few enough to read.
constexpr std::size_t k_references = 5;

const Order* find_order(const rules::Content& content, const std::string& id) {
    const auto found =
        std::find_if(content.orders.begin(), content.orders.end(), [&](const Order& order) { return order.id == id; });
    return found == content.orders.end() ? nullptr : &*found;
}

bool fits_region(const Order& order, const std::string& region) {
    return order.regions.empty() ||
           std::find(order.regions.begin(), order.regions.end(), region) != order.regions.end();
}

// A reference we write must be a valid one.
bool is_fhir_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
    });
}

void add_reference(const fhir::Resource& resource, DraftOrder& draft) {
    if (resource.draft || !is_fhir_id(resource.id) || resource.type == fhir::ResourceType::patient) return;
    const bool reason =
        resource.type == fhir::ResourceType::condition || resource.type == fhir::ResourceType::observation;
    auto& list = reason ? draft.reasonReference : draft.supportingInfo;
    if (list.size() < k_references)
        list.push_back(std::string(fhir::type_name(resource)) + '/' + std::string(resource.id));
}

std::string draft_for(const ComposeInput& input, const Part& part, const Order& order) {
    DraftOrder draft{order, "Patient/" + std::string(input.record.patient.id), {}, fhir::print_instant(input.now), {},
                     {}};
    if (is_fhir_id(input.encounterId)) draft.encounter = "Encounter/" + input.encounterId;
    for (const auto resource : part.fired->evidence) {
        if (!partly_veiled(input, resource)) add_reference(input.record.resources[resource], draft);
    }
    const auto version = input.settings.fhirVersion ? input.settings.fhirVersion : input.record.version;
    return write_draft_order(draft, version.value_or(fhir::Version::r4));
}

// Epic takes one action a suggestion and shows its description in place of the label: so both say the same.
Suggestion suggest_one(const ComposeInput& input, const Part& part, const Order& order, std::string_view card) {
    Suggestion suggestion{order.label, uuid_of({card, order.id}), {}};
    suggestion.actions.push_back({"create", order.label, draft_for(input, part, order)});
    return suggestion;
}

}  // namespace

std::vector<Suggestion> suggest(const ComposeInput& input, const std::vector<Part>& parts, std::string_view card,
                                Suggested& suggested) {
    std::vector<Suggestion> suggestions;
    for (const Part& part : parts) {
        for (const auto index : part.fired->orders) {
            const Order* order = find_order(input.content, part.rule().orders[index].order);
            if (order == nullptr || !fits_region(*order, input.settings.region) ||
                rules::is_satisfied(input.content, input.record, input.now, *order))
                continue;
            if (!suggested.emplace(order->system, order->code).second) continue;
            suggestions.push_back(suggest_one(input, part, *order, card));
        }
    }
    return suggestions;
}

}  // namespace proctor::hooks
