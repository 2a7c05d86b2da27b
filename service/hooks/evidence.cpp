#include "hooks/evidence.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/digest.h"
#include "hooks/identity.h"

namespace proctor::hooks {
namespace {

using fhir::CodeableConcept;
using fhir::Record;
using fhir::ResourceIndex;

std::string sorted(std::vector<std::string> items) {
    std::sort(items.begin(), items.end());
    return framed({items.begin(), items.end()});
}

template <typename Word>
std::string number(Word word) {
    return std::to_string(static_cast<int>(word));
}

std::string time(const std::optional<fhir::TimeSpan>& span) {
    if (!span) return {};
    return std::to_string(span->earliest.time_since_epoch().count()) + ' ' +
           std::to_string(span->latest.time_since_epoch().count());
}

std::string codings(const Record& record, fhir::Span span) {
    std::vector<std::string> all;
    for (const fhir::Coding& coding : record.in(span))
        all.push_back(framed({coding.system, coding.code, coding.display}));
    return sorted(std::move(all));
}

std::string named(const Record& record, const CodeableConcept& entry) {
    return framed({codings(record, entry.codings), entry.text});
}

std::string write(const Record& record, const fhir::Condition& row) {
    return framed({named(record, row.code), number(row.clinical), number(row.verification), named(record, row.severity),
                   time(row.onset), time(row.recorded), number(row.abated), time(row.abatement)});
}

std::string write(const fhir::Quantity& value) {
    return framed({value.value, number(value.comparator), value.unit, value.system, value.code});
}

std::string write(const Record& record, const fhir::Observation& row) {
    return framed({number(row.component), number(row.status), named(record, row.code), named(record, row.body_site),
                   time(row.time), number(row.kind), write(row.quantity), named(record, row.value), row.text,
                   number(row.boolean), codings(record, row.interpretation), number(row.data_absent)});
}

std::string write(const Record& record, const fhir::Procedure& row) {
    return framed({number(row.status), named(record, row.code), time(row.performed)});
}

std::string write(const Record& record, const fhir::ServiceRequest& row) {
    return framed({number(row.status), number(row.do_not_perform), named(record, row.code), time(row.ordered)});
}

std::string write(const Record& record, const fhir::MedicationUse& row) {
    return framed({number(row.status), number(row.do_not_perform), named(record, row.medication), time(row.time)});
}

std::string write(const Record&, const fhir::Encounter& row) { return time(row.started); }

using Rows = std::map<ResourceIndex, std::vector<std::string>>;  // what the record says of each resource

template <typename T>
void add_rows(Rows& rows, const Record& record, const std::vector<T>& table) {
    for (const T& row : table) {
        if (const auto found = rows.find(row.resource); found != rows.end())
            found->second.push_back(write(record, row));
    }
}

Rows rows_of(const Record& record, const std::vector<Part>& parts) {
    Rows rows;
    for (const Part& part : parts) {
        for (const auto resource : part.fired->evidence) rows[resource];
    }
    add_rows(rows, record, record.conditions);
    add_rows(rows, record, record.observations);
    add_rows(rows, record, record.encounters);
    add_rows(rows, record, record.procedures);
    add_rows(rows, record, record.service_requests);
    add_rows(rows, record, record.medications);
    for (auto& [resource, said] : rows) {
        if (record.resources[resource].type == fhir::ResourceType::patient)
            said.push_back(framed({time(record.patient.birth), number(record.patient.gender)}));
    }
    return rows;
}

std::string write(const Record& record, const Rows& rows, const Part& part) {
    std::vector<std::string> entries;
    for (const auto index : std::set<ResourceIndex>(part.fired->evidence.begin(), part.fired->evidence.end())) {
        const fhir::Resource& resource = record.resources[index];
        entries.push_back(
            framed({fhir::print(resource.type), resource.id, number(resource.draft), sorted(rows.at(index))}));
    }
    return framed({part.rule().code, part.row().id, rules::print(part.indicator), sorted(std::move(entries))});
}

}  // namespace

std::string evidence_of(const ComposeInput& input, const std::vector<Part>& parts) {
    if (input.history == nullptr || input.history->salt.empty() || parts.front().fired->evidence.empty()) return {};
    const Rows rows = rows_of(input.record, parts);
    std::vector<std::string> written;
    written.reserve(parts.size());
    for (const Part& part : parts) written.push_back(write(input.record, rows, part));
    return sha256_hex(framed({input.history->salt, sorted(std::move(written))}));
}

}  // namespace proctor::hooks
