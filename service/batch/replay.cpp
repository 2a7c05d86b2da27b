#include "batch/replay.h"

namespace proctor::batch {
namespace {

using fhir::ClinicalStatus;
using fhir::Instant;
using fhir::TimeSpan;

bool is_after(const std::optional<TimeSpan>& time, Instant as_of) { return time && time->earliest > as_of; }

bool is_closed(ClinicalStatus status) {
    return status == ClinicalStatus::inactive || status == ClinicalStatus::remission ||
           status == ClinicalStatus::resolved;
}

void take_back_abatement(fhir::Condition& condition, Instant as_of) {
    if (!is_after(condition.abatement, as_of)) return;
    condition.abated = false;
    condition.abatement.reset();
    if (is_closed(condition.clinical)) condition.clinical = ClinicalStatus::active;
}

}  // namespace

void drop_after(fhir::Record& record, Instant as_of) {
    std::erase_if(record.observations, [&](const auto& row) { return is_after(row.time, as_of); });
    std::erase_if(record.procedures, [&](const auto& row) { return is_after(row.performed, as_of); });
    // Drafts are the clinician's of this moment, whatever date they bear.
    const auto draft = [&](const auto& row) { return record.resources[row.resource].draft; };
    std::erase_if(record.conditions, [&](const auto& row) {
        return !draft(row) && (is_after(row.recorded, as_of) || is_after(row.onset, as_of));
    });
    std::erase_if(record.service_requests,
                  [&](const auto& row) { return !draft(row) && is_after(row.ordered, as_of); });
    std::erase_if(record.medications, [&](const auto& row) { return !draft(row) && is_after(row.time, as_of); });
    for (auto& condition : record.conditions) take_back_abatement(condition, as_of);
}

}  // namespace proctor::batch
