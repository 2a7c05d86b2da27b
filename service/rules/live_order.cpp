#include "rules/live_order.h"

namespace proctor::rules {

using fhir::EventStatus;

bool order_counts(const fhir::Record& record, const fhir::ServiceRequest& request, fhir::Instant now,
                  fhir::Duration within) {
    if (request.do_not_perform) return false;
    const bool draft = record.resources[request.resource].draft;
    return draft || !request.ordered || now - request.ordered->earliest <= within;
}

bool is_live_order(const fhir::Record& record, const fhir::ServiceRequest& request, fhir::Instant now,
                   fhir::Duration within) {
    const bool open = request.status == EventStatus::active || request.status == EventStatus::on_hold ||
                      request.status == EventStatus::draft;
    return open && order_counts(record, request, now, within);
}

}  // namespace proctor::rules
