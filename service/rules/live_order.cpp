#include "rules/live_order.h"

#include "rules/find_codes.h"

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

bool is_satisfied(const Content& content, const fhir::Record& record, fhir::Instant now, const Order& order) {
    if (order.satisfiedBy.empty() || record.service_requests.empty()) return false;
    const SetIndex set = set_named(content, order.satisfiedBy);
    return std::any_of(record.service_requests.begin(), record.service_requests.end(),
                       [&](const fhir::ServiceRequest& request) {
                           return is_live_order(record, request, now, content.answers.orderCountsFor) &&
                                  stands_in(content.codes, record.in(request.code), set);
                       });
}

}  // namespace proctor::rules
