// One resource, or a Bundle of them, into a record: every type in one pass, whatever the order of its members. Whose
// resource it is may be known only at the end of the document, so identity, duplicates and references are settled last.
// Private to this room.
#pragma once

#include <bitset>
#include <unordered_set>

#include "fhir/decimal.h"
#include "fhir/member_name.h"
#include "fhir/read_parts.h"

namespace proctor::fhir {

// What the clinician is writing: resources of other types than these do not count.
enum class Draft : std::uint8_t { none, order, condition };

// Where a resource stands in the document.
struct Place {
    std::optional<Source> source;  // the prefetch it answers; nothing in a Bundle of everything
    Draft draft = Draft::none;
    bool wrapped = false;            // may be a pre-1.0 prefetch: {"response": ..., "resource": ...}
    bool fetched = false;            // we asked for it ourselves: all of it has to be the patient's
    std::string_view full_url = {};  // Bundle.entry.fullUrl; may be empty
};

// Of a name in any FHIR version; nothing for a type that no rule reads.
[[nodiscard]] std::optional<ResourceType> type_named(std::string_view name);

// Sources that a resource of this type may answer, when nobody says which.
[[nodiscard]] bool may_answer(ResourceType type, Source source);

struct Ages {  // Condition onset in years of age, in millionths
    std::optional<Micro> low;
    std::optional<Micro> high;
};

// One of the things that an order of DSTU2 or STU3 asks for: DiagnosticOrder.item, ReferralRequest.serviceRequested.
struct OrderItem {
    CodeableConcept code;
    std::string_view status;  // empty: the order's own
};

struct ContainedMedication {
    std::string_view id;
    CodeableConcept code;
};

// What one resource says, before its type is known.
struct ResourceParts {
    std::bitset<k_member_count> seen;  // by Member
    std::string_view type_name;
    std::string_view name;  // type_name, as a static text
    std::optional<ResourceType> type;
    bool ignored = false;  // a type that no rule reads
    std::string_view id, subject, patient, status, gender, medication_reference, medication_display;
    ClinicalStatus clinical = ClinicalStatus::none;
    VerificationStatus verification = VerificationStatus::none;
    Observation observation;  // also holds `code` for every type
    CodeableConcept severity, medication;
    Moment onset, recorded, abatement, effective, effective_instant, event, issued, updated, performed, authored,
        asserted, occurrence, birth, deceased_time;
    Period effective_period, performed_period, occurrence_period, period;
    Ages ages;
    bool abated = false, deceased = false, do_not_perform = false, not_done = false;
    EventStatus adherence = EventStatus::other;  // R5 MedicationStatement.adherence, as a status of R4
    std::vector<std::string_view> focus;
    std::vector<OrderItem> items;
    std::vector<CodeableConcept> reasons;
    bool odd_reason = false;    // one of another shape, which spoils an Encounter
    bool empty = true;          // no members at all
    std::string_view next;      // a Bundle's next link; a blank where its address is missing
    bool grave = false;         // an OperationOutcome, or one in a Bundle, that tells of an error or of missing data
    std::uint64_t total = 0;    // matches that a searchset says there are
    std::uint64_t matches = 0;  // entries that came for themselves, not for another one
    Supply bundle = Supply::complete;  // failed: its entries are no list
    Supply inner = Supply::complete;   // of a wrapped prefetch
    bool has_inner = false, has_response = false;
    bool refused = false;  // ... whose response is no success
};

// Whom a record is about, as references may name him.
struct Identity {
    std::string_view id;
    std::string_view full_url;  // Bundle.entry.fullUrl; may be empty
};

// Whom a reference names. Nobody: nothing, or what only another server or Bundle could resolve; perhaps the patient.
enum class Whose : std::uint8_t { patient, nobody, other };

// FHIR's words, in letters of either case; `other` for any other text.
[[nodiscard]] ClinicalStatus clinical_status(std::string_view code);
[[nodiscard]] VerificationStatus verification_status(std::string_view code);

class ResourceReader {
public:
    ResourceReader(Record& record, JsonWalk& walk, const ReadSetup& setup);

    // What the value supplies for its place: a resource or Bundle that was read, an OperationOutcome, nothing. A
    // resource by itself that cannot answer the place's source has failed it.
    Supply read(JsonValue& value, const Place& place);

    // Whether that was a Bundle, the link to its next page, and whether it says itself that something is missing.
    [[nodiscard]] bool was_bundle() const { return was_bundle_; }
    [[nodiscard]] std::string_view next() const { return next_; }
    [[nodiscard]] bool was_grave() const { return was_grave_; }

    // Once settled: whether one of the Patients read is whom the records are about.
    [[nodiscard]] bool found_patient() const { return found_patient_; }

    // The first Patient read, if any.
    [[nodiscard]] std::optional<Identity> first_patient() const;

    // Of the drafts only what these name stays selected (none: all of it). One that names no draft is an unreadable
    // draft, unless its type is one that no rule reads. Call before settling.
    void select(const std::vector<std::string>& selections);

    // Keeps what is the patient's, once, and resolves what refers to other resources. Call once, last.
    void settle(const Identity& identity);

private:
    struct PatientRead {
        Patient patient;
        ResourceIndex resource = 0;
        std::string_view full_url;
        std::optional<Source> source;
    };
    struct Unreadable {
        std::string_view subject;
        std::optional<Source> source;
        std::optional<ResourceType> type;
        bool draft = false;
    };
    struct Focus {  // of a resource that names one
        ResourceIndex resource = 0;
        std::vector<std::string_view> references;
    };
    struct PendingAges {
        std::size_t condition = 0;
        Ages ages;
    };
    struct PendingMedication {
        std::size_t use = 0;
        std::string_view reference, display;
    };

    // Reading: read_resource.cpp, read_observation.cpp and read_event.cpp.
    void read_member(ResourceParts& parts, std::string_view name, JsonValue& value, const Place& place);
    void read_frame(ResourceParts& parts, Member member, JsonValue& value, const Place& place);
    void read_common(ResourceParts& parts, Member member, JsonValue& value);
    void read_condition(ResourceParts& parts, Member member, JsonValue& value);
    void read_observation(ResourceParts& parts, Member member, JsonValue& value);
    void read_value(Observation& into, Member member, JsonValue& value);
    void read_event(ResourceParts& parts, Member member, JsonValue& value);
    void read_not_done(ResourceParts& parts, Member member, JsonValue& value);
    void read_medication(ResourceParts& parts, Member member, JsonValue& value);
    void read_order(ResourceParts& parts, Member member, JsonValue& value);
    void read_adherence(ResourceParts& parts, JsonValue& value);
    void read_reason(ResourceParts& parts, Member of, JsonValue& value);
    void read_patient(ResourceParts& parts, Member member, JsonValue& value);
    void read_type(ResourceParts& parts, JsonValue& value);
    void read_component(JsonValue& value);
    void read_contained(JsonValue& value);
    void read_response(ResourceParts& parts, JsonValue& value);
    void read_issues(ResourceParts& parts, JsonValue& value);
    void read_entry(ResourceParts& parts, JsonValue& value, const Place& place);
    void read_focus(ResourceParts& parts, JsonValue& value);
    void read_related(ResourceParts& parts, JsonValue& value);
    void read_body_site(Observation& observation, JsonValue& value);
    void read_body_structure(Observation& observation, JsonValue& value);
    template <typename Status>
    Status read_status(JsonValue& value, Status (*named)(std::string_view));
    std::string_view kept(std::string_view text);

    // Keeping: keep_resource.cpp.
    Supply keep(ResourceParts& parts, const Place& place);
    void count_versions(const ResourceParts& parts);
    void keep_rows(ResourceParts& parts, const Place& place, ResourceIndex resource);
    void keep_patient(const ResourceParts& parts, const Place& place, ResourceIndex resource);
    void keep_condition(const ResourceParts& parts, ResourceIndex resource);
    void keep_observation(ResourceParts& parts, ResourceIndex resource);
    void keep_procedure(const ResourceParts& parts, ResourceIndex resource);
    void keep_service_request(const ResourceParts& parts, ResourceIndex resource);
    void keep_encounter(const ResourceParts& parts, ResourceIndex resource);
    void keep_medication_use(const ResourceParts& parts, ResourceIndex resource);

    // Settling: settle.cpp.
    void choose_version();
    [[nodiscard]] bool is_patient(std::string_view reference) const;
    [[nodiscard]] Whose whose(std::string_view reference) const;
    [[nodiscard]] bool is_elsewhere(std::string_view focus) const;
    void choose_patient();
    void drop_other_patients();
    void lessen_for(std::optional<Source> brought_by, std::optional<ResourceType> type);
    void lessen_by_undated();
    void count_unreadable();
    void lessen(Source source);
    void drop_repeated();
    void date_onsets();
    void resolve_medications();
    void lessen_by_nameless();
    void order_by_source();
    void compact();

    Record& record_;
    JsonWalk& walk_;
    PartContext context_;
    std::size_t first_;  // resources before this one were settled earlier

    std::array<std::uint32_t, k_version_count> versions_{};  // resources whose shape fits each, but not all
    std::vector<std::string_view> subjects_;                 // by resource, from first_
    std::vector<Place> places_;                              // by resource, from first_
    std::vector<Focus> focuses_;
    std::vector<bool> dropped_;                   // by resource, from first_
    std::vector<Observation> components_;         // of the resource being read
    std::vector<ContainedMedication> contained_;  // of the resource being read
    std::vector<PatientRead> patients_;
    std::unordered_set<std::string_view> other_urls_;  // fullUrls of other Patients
    std::vector<Unreadable> unreadable_;
    std::vector<PendingAges> ages_;
    std::vector<PendingMedication> pending_medications_;
    std::string_view last_subject_;
    Identity identity_;
    bool was_bundle_ = false, was_grave_ = false, found_patient_ = false;
    std::string_view next_;
};

}  // namespace proctor::fhir
