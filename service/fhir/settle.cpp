// The end of reading: whose resources these are, which came twice, and what those that refer to others mean.
#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <set>
#include <unordered_map>

#include "fhir/code_map.h"
#include "fhir/read_resource.h"

namespace proctor::fhir {
namespace {

constexpr std::uint32_t k_gone = ~std::uint32_t{0};

std::string_view without_history(std::string_view reference) {
    return reference.substr(0, reference.find("/_history/"));
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "Patient/p1" of "https://ehr/fhir/Patient/p1/_history/3"; empty when the reference does not end in a type and an id.
std::string_view type_and_id_of(std::string_view reference) {
    reference = without_history(reference);
    const auto slash = reference.rfind('/');
    if (slash == std::string_view::npos || slash + 1 == reference.size()) return {};
    if (reference.find_first_of("?# ") != std::string_view::npos) return {};
    const auto start = reference.substr(0, slash).rfind('/') + 1;
    const auto type = reference.substr(start, slash - start);
    const bool named = !type.empty() && type[0] >= 'A' && type[0] <= 'Z' && std::ranges::all_of(type, is_letter);
    return named ? reference.substr(start) : std::string_view{};
}

// "p1" of "https://ehr/fhir/Patient/p1/_history/3"; empty when the reference names another type.
std::string_view id_of(std::string_view reference, std::string_view type) {
    reference = without_history(reference);
    const auto slash = reference.rfind('/');
    if (slash == std::string_view::npos) return {};
    const auto before = reference.substr(0, slash);
    const bool names =
        before.ends_with(type) && (before.size() == type.size() || before[before.size() - type.size() - 1] == '/');
    return names ? reference.substr(slash + 1) : std::string_view{};
}

// The instant at which somebody born then reaches this age, in years of 365.25 days.
std::optional<Instant> at_age(Instant birth, Micro age) {
    constexpr Micro k_year_ms = 31'557'600'000;
    const auto ms = scale(age, k_year_ms, 1'000'000);
    constexpr Micro k_oldest = 200 * k_year_ms;
    if (!ms || *ms < 0 || *ms > k_oldest) return std::nullopt;
    return birth + Duration{*ms};
}

// "At 40" is from the 40th birthday to the 41st. An uncertain birth date widens that by its own uncertainty.
std::optional<TimeSpan> onset_at(const TimeSpan& birth, const Ages& ages) {
    constexpr Micro k_one_year = 1'000'000;
    const auto latest_birth = std::max(birth.earliest, birth.latest - std::chrono::hours{24});
    const auto earliest = at_age(birth.earliest, *ages.low);
    const auto latest = at_age(latest_birth, std::min(*ages.high, Micro{1'000'000'000}) + k_one_year);
    if (!earliest || !latest) return std::nullopt;
    return TimeSpan{*earliest, *latest};
}

bool says_nothing(const CodeableConcept& entry) { return entry.codings.count == 0 && entry.text.empty(); }

template <typename Row>
void compact_rows(std::vector<Row>& rows, const std::vector<std::uint32_t>& moved) {
    std::erase_if(rows, [&](const Row& row) { return moved[row.resource] == k_gone; });
    for (auto& row : rows) row.resource = moved[row.resource];
}

// move(rows) for each of the record's tables whose rows are of a resource.
template <typename Move>
void move_rows(Record& record, Move&& move) {
    move(record.conditions);
    move(record.observations);
    move(record.encounters);
    move(record.procedures);
    move(record.service_requests);
    move(record.medications);
    move(record.known_medications);
}

}  // namespace

bool may_answer(ResourceType type, Source source) {
    switch (type) {
        case ResourceType::patient: return source == Source::patient;
        case ResourceType::condition: return source == Source::condition;
        case ResourceType::observation: return source >= Source::laboratory && source <= Source::exam;
        case ResourceType::procedure: return source == Source::procedure;
        case ResourceType::service_request: return source == Source::service_request;
        case ResourceType::encounter: return source == Source::encounter;
        case ResourceType::medication: return source >= Source::medication_request;
        case ResourceType::medication_request: return source == Source::medication_request;
        case ResourceType::medication_statement: return source == Source::medication_statement;
        case ResourceType::medication_administration: return source == Source::medication_administration;
    }
    return false;
}

std::optional<Identity> ResourceReader::first_patient() const {
    if (patients_.empty()) return std::nullopt;
    return Identity{patients_.front().patient.id, patients_.front().full_url};
}

void ResourceReader::settle(const Identity& identity) {
    identity_ = identity;
    dropped_.assign(record_.resources.size() - first_, false);
    choose_version();
    choose_patient();
    drop_other_patients();
    lessen_by_undated();
    count_unreadable();
    drop_repeated();
    date_onsets();
    resolve_medications();
    lessen_by_nameless();
    order_by_source();
    compact();
    settle_codings(record_, static_cast<ResourceIndex>(first_), context_.setup.codes, context_.setup.map);
}

// By type and id, by the id alone or by the fullUrl. What has no id cannot be told from what was selected.
void ResourceReader::select(const std::vector<std::string>& selections) {
    if (selections.empty()) return;
    const auto short_of = [](std::string_view selection) {
        const auto named = type_and_id_of(selection);
        return named.empty() ? without_history(selection) : named;
    };
    std::set<std::string_view> wanted;
    for (const auto& selection : selections) wanted.insert({selection, short_of(selection)});
    wanted.erase("");
    std::set<std::string, std::less<>> there;
    for (std::size_t i = 0; i < places_.size(); ++i) {
        auto& resource = record_.resources[first_ + i];
        if (!resource.draft) continue;
        const std::string id(resource.id), named = std::string(type_name(resource)) + '/' + id;
        const std::string url(places_[i].full_url);
        there.insert({id, named});
        if (!url.empty()) there.insert(url);
        resource.selected = id.empty() || wanted.contains(id) || wanted.contains(named) || wanted.contains(url);
    }
    for (const std::string_view selection : selections) {
        const auto named = type_and_id_of(selection);
        const auto type = named.substr(0, named.find('/'));
        const bool came = there.contains(short_of(selection)) || there.contains(selection);
        const bool perhaps = there.contains(type.empty() ? "" : std::string(type) + '/');  // is the one without an id
        if (!came && !perhaps && (type.empty() || type_named(type))) ++record_.unreadable_drafts;
    }
}

bool ResourceReader::is_patient(std::string_view reference) const {
    if (reference.empty()) return false;
    if (!identity_.full_url.empty() && reference == identity_.full_url) return true;
    return !identity_.id.empty() && id_of(reference, "Patient") == identity_.id;
}

Whose ResourceReader::whose(std::string_view reference) const {
    if (is_patient(reference)) return Whose::patient;
    return !type_and_id_of(reference).empty() || other_urls_.contains(reference) ? Whose::other : Whose::nobody;
}

// FHIR, Observation.focus: another being or a thing. What is focused on one of his Conditions, or on what nobody can
// resolve, is perhaps his own.
bool ResourceReader::is_elsewhere(std::string_view focus) const {
    static constexpr std::array<std::string_view, 11> k_others = {
        "Patient", "RelatedPerson", "Person",   "Practitioner", "PractitionerRole", "Group",
        "Device",  "DeviceMetric",  "Location", "Organization", "Substance"};
    const auto named = type_and_id_of(focus);
    return other_urls_.contains(focus) ||
           std::ranges::find(k_others, named.substr(0, named.find('/'))) != k_others.end();
}

// The version that most resources speak for; where several do, the most usual one.
void ResourceReader::choose_version() {
    if (record_.version) return;
    std::uint32_t most = 0;
    for (const auto version : {Version::r4, Version::stu3, Version::dstu2, Version::r5}) {
        const auto count = versions_[static_cast<std::size_t>(version)];
        if (count > most) record_.version = version;
        most = std::max(most, count);
    }
}

void ResourceReader::choose_patient() {
    const PatientRead* chosen = nullptr;
    bool asked = false;
    for (const auto& read : patients_) {
        asked |= read.source == Source::patient;
        const bool same =
            read.patient.id == identity_.id && (!identity_.id.empty() || read.full_url == identity_.full_url);
        if (same && chosen == nullptr) chosen = &read;
        if (same && identity_.full_url.empty()) identity_.full_url = read.full_url;
        if (!same) {
            dropped_[read.resource - first_] = true;
            ++record_.other_patient;
            if (!read.full_url.empty()) other_urls_.insert(read.full_url);
        }
    }
    if (chosen != nullptr) {
        record_.patient = chosen->patient;
    } else if (asked) {
        auto& supply = record_.supply[static_cast<std::size_t>(Source::patient)];
        supply = Supply::failed;
    }
    found_patient_ = chosen != nullptr;
    if (record_.patient.id.empty()) record_.patient.id = record_.text.keep(identity_.id);
}

// Only what is said of the patient himself. Nobody's is nobody's, and was perhaps his: then his search is not complete,
// and a draft is unreadable; so is what is focused on nobody knows what. A server that answers our own search with
// somebody else's data did not answer it.
void ResourceReader::drop_other_patients() {
    std::string_view last;
    bool last_is_patient = false;
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
        const auto type = record_.resources[first_ + i].type;
        if (type == ResourceType::patient || type == ResourceType::medication) continue;
        if (record_.resources[first_ + i].draft && subjects_[i].empty()) continue;  // the context says whose it is
        if (subjects_[i].data() != last.data() || subjects_[i].size() != last.size() || last.empty()) {
            last = subjects_[i];
            last_is_patient = is_patient(last);
        }
        dropped_[i] = !last_is_patient;
    }
    const auto miss = [&](std::size_t i) {
        if (record_.resources[first_ + i].draft) ++record_.unreadable_drafts;
        if (places_[i].source) lessen(*places_[i].source);
    };
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
        if (!dropped_[i]) continue;
        const bool somebody = record_.resources[first_ + i].type == ResourceType::patient;
        const bool nobodys = !somebody && whose(subjects_[i]) == Whose::nobody;
        if (nobodys)
            miss(i);
        else if (places_[i].fetched && places_[i].source)
            lessen(*places_[i].source);
    }
    for (const auto& focus : focuses_) {
        const std::size_t i = focus.resource - first_;
        if (dropped_[i] || std::ranges::any_of(focus.references, [&](auto one) { return is_patient(one); })) continue;
        dropped_[i] = true;
        if (!std::ranges::all_of(focus.references, [&](auto one) { return is_elsewhere(one); })) miss(i);
    }
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
        if (dropped_[i] && record_.resources[first_ + i].type != ResourceType::patient) ++record_.other_patient;
    }
}

// It holds not all that there is of the patient.
void ResourceReader::lessen(Source source) {
    auto& supply = record_.supply[static_cast<std::size_t>(source)];
    if (supply == Supply::complete) supply = Supply::partial;
}

// The search that brought something of this type, or where none is known those that might have.
void ResourceReader::lessen_for(std::optional<Source> brought_by, std::optional<ResourceType> type) {
    for (std::size_t i = 0; i < k_sources; ++i) {
        const auto source = static_cast<Source>(i);
        if (brought_by ? *brought_by == source : type && may_answer(*type, source)) lessen(source);
    }
}

// An Observation that cannot be placed in time answers nothing that is asked of a time, and might have been the alarm.
void ResourceReader::lessen_by_undated() {
    const CodeMap* map = context_.setup.map;
    for (const auto& row : record_.observations) {
        if (row.resource < first_ || row.time || row.status == ObservationStatus::other) continue;
        const auto& place = places_[row.resource - first_];
        const bool known = std::ranges::any_of(record_.in(row.code), [&](const Coding& coding) {
            const auto* meanings = map == nullptr ? nullptr : map->find(coding.system, coding.code);
            return coding.id != 0 || (meanings != nullptr && !meanings->empty());
        });
        if (known && place.source && !dropped_[row.resource - first_]) lessen(*place.source);
    }
}

// What could not be read might have been the alarm: its source is no longer complete.
void ResourceReader::count_unreadable() {
    for (const auto& entry : unreadable_) {
        if (whose(entry.subject) == Whose::other) {
            ++record_.other_patient;
            continue;
        }
        ++record_.unreadable;
        if (entry.draft) ++record_.unreadable_drafts;
        lessen_for(entry.source, entry.type);
    }
}

// The first of several with the same type and id stays. A draft may carry the id of the chart's own entry: both stay.
void ResourceReader::drop_repeated() {
    std::size_t capacity = 16;
    while (capacity < record_.resources.size() * 2) capacity *= 2;
    std::vector<std::uint32_t> seen(capacity, k_gone);
    const auto same = [](const Resource& a, const Resource& b) {
        return a.type == b.type && a.draft == b.draft && a.id == b.id && a.name == b.name;
    };
    for (std::size_t i = 0; i < record_.resources.size(); ++i) {
        const auto& resource = record_.resources[i];
        if (resource.id.empty() || (i >= first_ && dropped_[i - first_])) continue;
        auto at = std::hash<std::string_view>{}(resource.id) & (capacity - 1);
        while (seen[at] != k_gone && !same(record_.resources[seen[at]], resource)) at = (at + 1) & (capacity - 1);
        if (seen[at] == k_gone)
            seen[at] = static_cast<std::uint32_t>(i);
        else if (i >= first_)
            dropped_[i - first_] = true;
    }
}

void ResourceReader::date_onsets() {
    const auto& birth = record_.patient.birth;
    for (const auto& pending : ages_) {
        auto& condition = record_.conditions[pending.condition];
        if (birth && !condition.onset) condition.onset = onset_at(*birth, pending.ages);
    }
}

void ResourceReader::resolve_medications() {
    if (pending_medications_.empty()) return;
    // What has no address is not found under "", which a reference without one would ask for.
    std::unordered_map<std::string_view, const Medication*> by_id, by_url;
    for (const auto& medication : record_.known_medications) {
        const auto id = record_.resources[medication.resource].id;
        if (!id.empty()) by_id.try_emplace(id, &medication);
        if (!medication.full_url.empty()) by_url.try_emplace(medication.full_url, &medication);
    }
    for (const auto& pending : pending_medications_) {
        auto& medication = record_.medications[pending.use].medication;
        const auto url = by_url.find(pending.reference);
        const auto named = by_id.find(id_of(pending.reference, "Medication"));
        if (says_nothing(medication) && url != by_url.end())
            medication = url->second->code;
        else if (says_nothing(medication) && named != by_id.end())
            medication = named->second->code;
        // Draft orders often name a Medication that nobody supplied, and a Medication often has a local code alone.
        if (medication.text.empty()) medication.text = pending.display;
    }
}

// A medication that nobody names, where the resource that is referred to did not come, may be any.
void ResourceReader::lessen_by_nameless() {
    for (const auto& use : record_.medications) {
        if (use.resource < first_ || dropped_[use.resource - first_]) continue;
        if (use.do_not_perform || never_was(use.status) || !says_nothing(use.medication)) continue;
        if (record_.resources[use.resource].draft) ++record_.unreadable_drafts;
        lessen_for(places_[use.resource - first_].source, record_.resources[use.resource].type);
    }
}

// However the searches came, what they brought stands in the order of the sources: the same chart gives the same cards.
void ResourceReader::order_by_source() {
    const auto rank = [](const Place& place) {
        return place.source ? static_cast<std::size_t>(*place.source) : k_sources;
    };
    if (std::ranges::is_sorted(places_, {}, rank)) return;
    std::vector<std::uint32_t> order(places_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return rank(places_[i]); });
    std::vector<std::uint32_t> moved(record_.resources.size());
    std::iota(moved.begin(), moved.end(), 0U);
    const auto resources = record_.resources;
    const auto dropped = dropped_;
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        record_.resources[first_ + i] = resources[first_ + order[i]];
        dropped_[i] = dropped[order[i]];
        moved[first_ + order[i]] = static_cast<std::uint32_t>(first_) + i;
    }
    move_rows(record_, [&](auto& rows) {
        for (auto& row : rows) row.resource = moved[row.resource];
        std::ranges::stable_sort(rows, {}, [](const auto& row) { return row.resource; });
    });
}

void ResourceReader::compact() {
    if (std::ranges::find(dropped_, true) == dropped_.end()) return;
    std::vector<std::uint32_t> moved(record_.resources.size());
    std::uint32_t kept = 0;
    for (std::size_t i = 0; i < moved.size(); ++i) {
        const bool gone = i >= first_ && dropped_[i - first_];
        moved[i] = gone ? k_gone : kept;
        if (!gone) record_.resources[kept++] = record_.resources[i];
    }
    record_.resources.resize(kept);
    move_rows(record_, [&](auto& rows) { compact_rows(rows, moved); });
}

}  // namespace proctor::fhir
