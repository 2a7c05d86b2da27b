#include "hooks/datum.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "hooks/date_words.h"
#include "rules/units.h"

namespace proctor::hooks {
namespace {

using fhir::CodeableConcept;
using fhir::Record;
using fhir::TimeSpan;
using fhir::VerificationStatus;

std::string quote(std::string_view text) { return escape_markdown(shorten(text, limits::k_quoted_characters)); }

// Nothing where the site does not show what the text speaks of.
std::string repeat(const ComposeInput& input, std::string_view text) {
    return input.veil.hides(text) ? "" : quote(text);
}

// As charted: its text, else a display; else what we call the code, else the bare code.
std::string name_of(const ComposeInput& input, const CodeableConcept& entry) {
    const auto codings = input.record.in(entry);
    if (std::string text = repeat(input, entry.text); !text.empty()) return '"' + text + '"';
    for (const fhir::Coding& coding : codings) {
        if (std::string display = repeat(input, coding.display); !display.empty()) return '"' + display + '"';
    }
    for (const fhir::Coding& coding : codings) {
        const auto rows = input.content.codes.rows(coding.id);
        if (rows.empty()) continue;
        const std::string& display = input.content.codes.row(rows.front()).display;
        if (!input.veil.hides(display)) return display + " (code " + quote(coding.code) + ")";
    }
    for (const fhir::Coding& coding : codings) {
        if (const std::string code = repeat(input, coding.code); !code.empty()) return "code " + code;
    }
    return "entry without a name";
}

std::string_view print(fhir::Comparator comparator) {
    switch (comparator) {
        case fhir::Comparator::none: return "";
        case fhir::Comparator::lt: return "&lt;";
        case fhir::Comparator::le: return "&lt;=";
        case fhir::Comparator::ge: return "&gt;=";
        case fhir::Comparator::gt: return "&gt;";
    }
    return "";
}

// A JSON number stands as it is; anything else is text from the chart.
std::string print_number(std::string_view token) {
    const bool number = token.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
    return number ? shorten(token, limits::k_quoted_characters) : quote(token);
}

// UCUM: a unit that is only an annotation, such as {score}, is the unit one.
bool is_annotation(std::string_view unit) { return unit.size() > 2 && unit.front() == '{' && unit.back() == '}'; }

std::string print_quantity(const fhir::Quantity& quantity) {
    if (quantity.value.empty()) return "";
    std::string text(print(quantity.comparator));
    text += print_number(quantity.value);
    const std::string_view written = quantity.unit.empty() ? quantity.code : quantity.unit;
    if (is_annotation(written)) return text;
    const std::string unit = quote(written);
    return unit.empty() ? text + " (no unit)" : text + ' ' + unit;
}

bool counts(const ComposeInput& input, const CodeableConcept& code, const std::vector<std::string>& value_sets);

std::string_view print_end(const fhir::Range& range) {
    if (range.low && range.high) return "";
    if (range.low) return range.low_open ? "&gt;" : "&gt;=";
    return range.high_open ? "&lt;" : "&lt;=";
}

// " = 6 µg/g with this laboratory's factor", where the value was read by one.
std::string converted(const ComposeInput& input, const fhir::Observation& observation) {
    for (const rules::QuantityKind& plain : input.content.quantities) {
        if (!plain.siteFactor || !counts(input, observation.code, plain.valueSets)) continue;
        if (rules::read_value(plain, observation).kind != rules::Reading::Kind::unit) continue;
        const auto reading = rules::read_value(rules::with_factor(plain, input.settings.site), observation);
        if (reading.kind != rules::Reading::Kind::value) continue;
        return " = " + std::string(print_end(reading.value)) + fhir::print_micro(rules::written(reading.value)) + ' ' +
               plain.unitText + " with this laboratory's factor";
    }
    return "";
}

std::string print_value(const ComposeInput& input, const fhir::Observation& observation) {
    switch (observation.kind) {
        case fhir::ValueKind::quantity: return print_quantity(observation.quantity) + converted(input, observation);
        case fhir::ValueKind::integer: return print_number(observation.quantity.value);
        case fhir::ValueKind::concept_: return name_of(input, observation.value);
        case fhir::ValueKind::string:
            return input.veil.hides(observation.text) ? "" : '"' + quote(observation.text) + '"';
        case fhir::ValueKind::boolean: return observation.boolean ? "yes" : "no";
        case fhir::ValueKind::none:
        case fhir::ValueKind::other: return "";
    }
    return "";
}

void add_date(std::string& text, const ComposeInput& input, std::string_view word,
              const std::optional<TimeSpan>& span) {
    if (!span) return;
    text += ", ";
    text += word;
    text += print_date(*span, input.settings.zone);
}

// Provisional, differential and unconfirmed entries count, and the card says so.
std::string_view print(VerificationStatus status) {
    switch (status) {
        case VerificationStatus::unconfirmed: return ", unconfirmed";
        case VerificationStatus::provisional: return ", provisional";
        case VerificationStatus::differential: return ", differential diagnosis";
        case VerificationStatus::none:
        case VerificationStatus::confirmed:
        case VerificationStatus::refuted:
        case VerificationStatus::entered_in_error:
        case VerificationStatus::other: return "";
    }
    return "";
}

std::string say_condition(const ComposeInput& input, const fhir::Condition& condition) {
    std::string text = name_of(input, condition.code);
    text += print(condition.verification);
    add_date(text, input, "since ", condition.onset);
    add_date(text, input, "recorded ", condition.recorded);
    if (condition.abated) text += ", with an end";
    return text;
}

bool counts(const ComposeInput& input, const CodeableConcept& code, const std::vector<std::string>& value_sets) {
    const auto wanted = [&](std::uint32_t row) {
        const auto& value_set = input.content.valueSets[input.content.codes.row(row).value_set].id;
        return std::find(value_sets.begin(), value_sets.end(), value_set) != value_sets.end();
    };
    const auto codings = input.record.in(code);
    return std::any_of(codings.begin(), codings.end(), [&](const fhir::Coding& coding) {
        const auto rows = input.content.codes.rows(coding.id);
        return std::any_of(rows.begin(), rows.end(), wanted);
    });
}

// The rows of a resource: an Encounter may give several reasons, an Observation has its components, which share its
// status and time. Those whose code counts, else all: by their words any of them may be the one.
template <typename Row>
std::vector<const Row*> rows_of(const ComposeInput& input, const std::vector<Row>& table, fhir::ResourceIndex resource,
                                const std::vector<std::string>& value_sets) {
    std::vector<const Row*> rows, counting;
    for (const Row& row : table) {
        if (row.resource != resource) continue;
        rows.push_back(&row);
        if (counts(input, row.code, value_sets)) counting.push_back(&row);
    }
    return counting.empty() ? rows : counting;
}

std::string_view instead_of(const ComposeInput& input, const CodeableConcept& entry) {
    return input.veil.instead_of(input.record.in(entry), entry.text);
}

std::string_view veiled_row(const ComposeInput& input, const fhir::Observation& row) {
    const auto& veil = input.veil;
    if (const auto by_code = veil.instead_of(input.record.in(row.code), {}); !by_code.empty()) return by_code;
    return veil.instead_of(input.record.in(row.value), row.kind == fhir::ValueKind::string ? row.text : row.value.text);
}

std::string say_conditions(const ComposeInput& input, const std::vector<const fhir::Condition*>& rows) {
    std::string text;
    for (const auto* row : rows) {
        if (instead_of(input, row->code).empty()) text += (text.empty() ? "" : "; ") + say_condition(input, *row);
    }
    return text;
}

std::string print_measurement(const ComposeInput& input, const fhir::Observation& observation) {
    std::string text = name_of(input, observation.code);
    if (const std::string value = print_value(input, observation); !value.empty()) text += ' ' + value;
    return text;
}

std::string print_observation(const ComposeInput& input, const std::vector<const fhir::Observation*>& rows) {
    std::string text;
    for (const auto* row : rows) {
        if (!veiled_row(input, *row).empty()) continue;
        text += (text.empty() ? "" : ", ") + print_measurement(input, *row);
    }
    if (rows.front()->status == fhir::ObservationStatus::preliminary) text += ", preliminary";
    add_date(text, input, "", rows.front()->time);
    return text;
}

template <typename T>
const T* row_of(const std::vector<T>& rows, fhir::ResourceIndex resource) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const T& row) { return row.resource == resource; });
    return found == rows.end() ? nullptr : &*found;
}

std::string print_entry(const ComposeInput& input, fhir::ResourceIndex resource,
                        const std::vector<std::string>& value_sets) {
    const Record& record = input.record;
    const auto conditions = rows_of(input, record.conditions, resource, value_sets);
    if (!conditions.empty()) return say_conditions(input, conditions);
    const auto observations = rows_of(input, record.observations, resource, value_sets);
    if (!observations.empty()) return print_observation(input, observations);
    std::string text;
    if (const auto* procedure = row_of(record.procedures, resource)) {
        text = name_of(input, procedure->code);
        add_date(text, input, "", procedure->performed);
    } else if (const auto* request = row_of(record.service_requests, resource)) {
        text = name_of(input, request->code);
        add_date(text, input, "ordered ", request->ordered);
    } else if (const auto* medication = row_of(record.medications, resource)) {
        text = name_of(input, medication->medication);
        add_date(text, input, "", medication->time);
    }
    return text.empty() ? "entry without a name" : text;
}

// The concept that names an entry which is neither Condition nor Observation.
const CodeableConcept* concept_of(const Record& record, fhir::ResourceIndex resource) {
    if (const auto* procedure = row_of(record.procedures, resource)) return &procedure->code;
    if (const auto* request = row_of(record.service_requests, resource)) return &request->code;
    const auto* medication = row_of(record.medications, resource);
    return medication == nullptr ? nullptr : &medication->medication;
}

}  // namespace

std::string_view veiled(const ComposeInput& input, fhir::ResourceIndex resource,
                        const std::vector<std::string>& value_sets) {
    std::string_view instead;
    for (const auto* row : rows_of(input, input.record.conditions, resource, value_sets)) {
        instead = instead_of(input, row->code);
        if (instead.empty()) return instead;
    }
    for (const auto* row : rows_of(input, input.record.observations, resource, value_sets)) {
        instead = veiled_row(input, *row);
        if (instead.empty()) return instead;
    }
    const CodeableConcept* entry = concept_of(input.record, resource);
    return entry == nullptr ? instead : instead_of(input, *entry);
}

bool partly_veiled(const ComposeInput& input, fhir::ResourceIndex resource) {
    const auto hidden = [&](const CodeableConcept& entry) {
        return !instead_of(input, entry).empty() || input.veil.hides(entry.text);
    };
    const Record& record = input.record;
    const auto condition = [&](const fhir::Condition& row) { return row.resource == resource && hidden(row.code); };
    const auto observation = [&](const fhir::Observation& row) {
        return row.resource == resource && !veiled_row(input, row).empty();
    };
    const CodeableConcept* entry = concept_of(record, resource);
    return std::ranges::any_of(record.conditions, condition) || std::ranges::any_of(record.observations, observation) ||
           (entry != nullptr && hidden(*entry));
}

std::string print_reference(const fhir::Resource& resource) {
    const std::string type(fhir::type_name(resource));
    return resource.id.empty() ? type + " without id" : type + '/' + quote(resource.id);
}

std::string print_datum(const ComposeInput& input, fhir::ResourceIndex resource,
                        const std::vector<std::string>& value_sets) {
    const fhir::Resource& entry = input.record.resources[resource];
    if (entry.type == fhir::ResourceType::patient) return print_reference(entry);
    if (const auto instead = veiled(input, resource, value_sets); !instead.empty()) return std::string(instead);
    const bool condition = entry.type == fhir::ResourceType::condition;
    const std::string reference = !entry.draft ? print_reference(entry) : condition ? "being added" : "being ordered";
    return print_entry(input, resource, value_sets) + " (" + reference + ')';
}

}  // namespace proctor::hooks
