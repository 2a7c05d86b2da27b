// What was ordered and what was done.
#include "rules/find.h"
#include "rules/live_order.h"

namespace proctor::rules {

using fhir::EventStatus;
using fhir::Source;

namespace {

// One that was begun, or was to be done, longer ago did not happen.
bool under_way(const Look& look, const fhir::Procedure& procedure, Duration within) {
    const bool begun = procedure.status == EventStatus::preparation || procedure.status == EventStatus::in_progress;
    return begun && (!procedure.performed || look.within(procedure.performed->latest, within));
}

bool done(const Look& look, const fhir::Procedure& procedure, std::optional<Duration> within) {
    if (procedure.status != EventStatus::completed) return false;
    if (!within) return true;
    return procedure.performed && procedure.performed->earliest <= look.now &&
           look.within(procedure.performed->earliest, *within);
}

}  // namespace

void find(Look& look, const OrderedFact& fact, const FactPlan& plan, FactResult& result) {
    if (plan.sets[0] != k_no_set) {
        for (const Hit& hit : look.chart.service_requests[plan.sets[0]]) {
            const auto& request = look.record.service_requests[hit.item];
            if (is_live_order(look.record, request, look.now, fact.orderedWithin))
                result.evidence.push_back(request.resource);
        }
        for (const Hit& hit : look.chart.procedures[plan.sets[0]]) {
            const auto& procedure = look.record.procedures[hit.item];
            if (under_way(look, procedure, fact.orderedWithin)) result.evidence.push_back(procedure.resource);
        }
    }
    const bool all_supplied =
        complete(look.record, Source::service_request) && complete(look.record, Source::procedure);
    conclude(result, all_supplied);
}

// Its time is the latest that the newest one can have ended: what is measured after that was measured after the
// procedure.
void find(Look& look, const PerformedFact& fact, const FactPlan& plan, FactResult& result) {
    if (plan.sets[0] != k_no_set) {
        for (const Hit& hit : look.chart.procedures[plan.sets[0]]) {
            const auto& procedure = look.record.procedures[hit.item];
            if (!done(look, procedure, fact.within)) continue;
            result.evidence.push_back(procedure.resource);
            if (procedure.performed)
                result.time = std::max(result.time.value_or(procedure.performed->latest), procedure.performed->latest);
        }
    }
    conclude(result, complete(look.record, Source::procedure));
}

void find(Look& look, const ArrangedFact& fact, const FactPlan& plan, FactResult& result) {
    const Duration within = look.window(fact.within);
    for (const SetIndex set : plan.sets) {
        if (set == k_no_set) continue;
        for (const Hit& hit : look.chart.service_requests[set]) {
            const auto& request = look.record.service_requests[hit.item];
            const bool made = request.status == EventStatus::completed
                                  ? order_counts(look.record, request, look.now, within)
                                  : is_live_order(look.record, request, look.now, within);
            if (made) result.evidence.push_back(request.resource);
        }
        for (const Hit& hit : look.chart.procedures[set]) {
            const auto& procedure = look.record.procedures[hit.item];
            if (under_way(look, procedure, look.plan.content.answers.orderCountsFor) || done(look, procedure, within))
                result.evidence.push_back(procedure.resource);
        }
    }
    const bool all_supplied =
        complete(look.record, Source::service_request) && complete(look.record, Source::procedure);
    conclude(result, all_supplied);
}

}  // namespace proctor::rules
