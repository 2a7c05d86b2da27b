// The patient's facts as one flat value: what the resources of one request say, and what was not supplied. Built by a
// reader (read.h) in one pass; every string_view points into the record's own text. It filters nothing clinically:
// status, negation, windows and units are judged by rules/. FHIR versions differ only in their readers.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fhir/code_table.h"
#include "fhir/instant.h"
#include "fhir/version.h"

namespace proctor::fhir {

// Where data come from: one per prefetch template. Observation is searched by category.
enum class Source : std::uint8_t {
    patient,
    condition,
    laboratory,
    vital_signs,
    survey,
    exam,
    procedure,
    service_request,
    encounter,
    medication_request,
    medication_statement,
    medication_administration
};
inline constexpr std::size_t k_sources = 12;

// absent: nobody supplied it. failed: supplied as an OperationOutcome or unreadable. partial: a page, more exists.
// complete: all there is, perhaps nothing.
enum class Supply : std::uint8_t { absent, failed, partial, complete };

// A run of elements in one of the record's tables.
struct Span {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

struct Coding {
    CodeId id = 0;
    std::string_view system;
    std::string_view code;
    std::string_view display;
    bool mapped = false;  // system and code are what a site's map says; they point into that map
};

struct CodeableConcept {
    Span codings;  // in Record::codings
    std::string_view text;
};

// By R4's names. DSTU2's MedicationOrder is a medication_request; DiagnosticOrder, ProcedureRequest and ReferralRequest
// of DSTU2 and STU3 are service_requests.
enum class ResourceType : std::uint8_t {
    patient,
    condition,
    observation,
    procedure,
    service_request,
    encounter,
    medication,
    medication_request,
    medication_statement,
    medication_administration
};
[[nodiscard]] std::string_view print(ResourceType type);  // "MedicationRequest"

// One resource of the patient. Facts refer to it by its index in Record::resources.
struct Resource {
    ResourceType type{};
    std::string_view id;    // may be empty: then it cannot be referenced
    bool draft = false;     // from context.draftOrders or context.conditions, not from the chart
    bool selected = false;  // a draft that the hook is about: every one, but at order-select only what was selected
    std::string_view name = {};  // the type as its FHIR version calls it, a static text; empty: as R4 does
};
using ResourceIndex = std::uint32_t;
[[nodiscard]] std::string_view type_name(const Resource& resource);

enum class Gender : std::uint8_t { unknown, male, female, other };

struct Patient {
    std::string_view id;
    std::optional<TimeSpan> birth;
    Zone zone;  // in which the birth was read, and birthdays begin
    Gender gender = Gender::unknown;
    bool deceased = false;                  // deceasedBoolean true, or a deceasedDateTime that can be read
    std::optional<TimeSpan> deceased_time;  // only from deceasedDateTime
};

enum class ClinicalStatus : std::uint8_t { none, active, recurrence, relapse, inactive, remission, resolved, other };
enum class VerificationStatus : std::uint8_t {
    none,
    unconfirmed,
    provisional,
    differential,
    confirmed,
    refuted,
    entered_in_error,
    other
};
// The Condition is none, whatever else is said of it.
[[nodiscard]] constexpr bool takes_back(VerificationStatus status) {
    return status == VerificationStatus::refuted || status == VerificationStatus::entered_in_error;
}

// A Condition, or one reason of an encounter that is arrived, triaged, in-progress or finished (read as a Condition
// without status, recorded at the encounter's start).
struct Condition {
    ResourceIndex resource = 0;
    CodeableConcept code;
    ClinicalStatus clinical = ClinicalStatus::none;
    VerificationStatus verification = VerificationStatus::none;
    CodeableConcept severity;
    std::optional<TimeSpan> onset;  // dateTime, period.start, or ages counted from the birth date
    std::optional<TimeSpan> recorded;
    bool abated = false;                // any abatement[x] but abatementBoolean false
    std::optional<TimeSpan> abatement;  // abatementDateTime, or the end of abatementPeriod
};

enum class ObservationStatus : std::uint8_t { other, preliminary, final_, amended, corrected };
enum class Comparator : std::uint8_t { none, lt, le, ge, gt };

struct Quantity {
    std::string_view value;  // the JSON number token as written; empty when absent
    Comparator comparator = Comparator::none;
    std::string_view unit;
    std::string_view system;
    std::string_view code;
};

enum class ValueKind : std::uint8_t { none, quantity, concept_, string, boolean, integer, other };

// An Observation, or one component of one with its parent's status and time.
struct Observation {
    ResourceIndex resource = 0;
    bool component = false;
    ObservationStatus status = ObservationStatus::other;
    CodeableConcept code;
    CodeableConcept body_site;
    std::optional<TimeSpan> time;  // effective[x], else issued, else meta.lastUpdated
    ValueKind kind = ValueKind::none;
    Quantity quantity;      // kind quantity; for kind integer only `value`
    CodeableConcept value;  // kind concept_
    std::string_view text;  // kind string
    bool boolean = false;   // kind boolean
    Span interpretation;    // codings of all interpretations, in Record::codings
    bool data_absent = false;
    bool has_parts = false;  // component or hasMember (related with type has-member)
};

enum class EventStatus : std::uint8_t {
    other,
    draft,
    active,
    on_hold,
    preparation,
    in_progress,
    completed,
    stopped,
    not_done,
    not_taken,
    intended,
    cancelled,
    entered_in_error
};
// What was planned did not come about.
[[nodiscard]] constexpr bool never_was(EventStatus status) {
    return status == EventStatus::not_done || status == EventStatus::not_taken || status == EventStatus::cancelled ||
           status == EventStatus::entered_in_error;
}

struct Encounter {
    ResourceIndex resource = 0;
    std::optional<TimeSpan> started;  // period.start
};

struct Procedure {
    ResourceIndex resource = 0;
    EventStatus status = EventStatus::other;
    CodeableConcept code;
    std::optional<TimeSpan> performed;  // performed[x] (R5 occurrence[x]): dateTime or the end of the period
};

// An order, or one of several items that one resource orders.
struct ServiceRequest {
    ResourceIndex resource = 0;
    EventStatus status = EventStatus::other;
    bool do_not_perform = false;
    CodeableConcept code;
    std::optional<TimeSpan> ordered;  // authoredOn, else occurrenceDateTime
};

// A MedicationRequest, MedicationStatement or MedicationAdministration (Resource::type tells which).
struct MedicationUse {
    ResourceIndex resource = 0;
    EventStatus status = EventStatus::other;
    bool do_not_perform = false;
    CodeableConcept medication;    // own, contained or referred to; a text that it lacks is the reference's display
    std::optional<TimeSpan> time;  // effective[x] (of a period the end, else the start), authoredOn, dateAsserted
};

// A Medication resource, which medication references may name. It has no subject.
struct Medication {
    ResourceIndex resource = 0;
    CodeableConcept code;
    std::string_view full_url;  // Bundle.entry.fullUrl; may be empty
};

// The text of a record: the bytes it was read from, which it shares, and what had to be written anew. Never moved.
class TextArena {
public:
    void share(std::shared_ptr<const std::string> bytes) { shared_.push_back(std::move(bytes)); }
    std::string_view keep(std::string_view text) {
        if (text.empty()) return {};
        char* to = reserve(text.size());
        std::memcpy(to, text.data(), text.size());
        return {to, text.size()};
    }
    // Uninitialised, at least `bytes`.
    [[nodiscard]] char* reserve(std::size_t bytes) {
        if (bytes > size_ - used_) grow(bytes);
        char* at = blocks_.back().get() + used_;
        used_ += bytes;
        return at;
    }

private:
    void grow(std::size_t bytes);

    std::vector<std::shared_ptr<const std::string>> shared_;
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t used_ = 0;
    std::size_t size_ = 0;
};

// Who reads a code system: the content, a site's map, or nobody. Nobody's codes are lost.
enum class SystemReader : std::uint8_t { content, map, nobody };

// Codings with a code, of one code system as the chart spells it (empty: none was given).
struct SystemCount {
    std::string_view system;
    SystemReader reader = SystemReader::nobody;
    std::uint32_t codings = 0;
    std::uint32_t read = 0;  // the code itself is known to the content or to a map
};

struct Record {
    Patient patient;
    std::array<Supply, k_sources> supply{};  // by Source

    std::vector<Resource> resources;
    std::vector<Coding> codings;
    std::vector<Condition> conditions;
    std::vector<Observation> observations;
    std::vector<Encounter> encounters;
    std::vector<Procedure> procedures;
    std::vector<ServiceRequest> service_requests;
    std::vector<MedicationUse> medications;
    std::vector<Medication> known_medications;

    std::uint32_t other_patient = 0;      // resources left out because their subject is somebody else, or nobody
    std::uint32_t unreadable = 0;         // resources left out because their shape is not FHIR
    std::uint32_t unreadable_drafts = 0;  // those that were drafts, drafts without a name, selections that did not come

    std::optional<Version> version;         // which the resources' shapes speak for; nothing when they speak for none
    std::vector<SystemCount> code_systems;  // about limits::k_code_systems at most, one gathers the rest

    TextArena text;

    [[nodiscard]] Supply operator[](Source source) const { return supply[static_cast<std::size_t>(source)]; }
    [[nodiscard]] std::span<const Coding> in(Span span) const { return {codings.data() + span.first, span.count}; }
    [[nodiscard]] std::span<const Coding> in(const CodeableConcept& concept_) const { return in(concept_.codings); }
};

}  // namespace proctor::fhir
