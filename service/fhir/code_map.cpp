#include "fhir/code_map.h"

#include <algorithm>

#include "base/limits.h"

namespace proctor::fhir {

std::optional<SystemPattern> SystemPattern::parse(std::string_view text) {
    const auto star = text.find('*');
    SystemPattern pattern;
    pattern.wild_ = star != std::string_view::npos;
    pattern.before_ = text.substr(0, star);
    if (pattern.wild_) pattern.after_ = text.substr(star + 1);
    const bool again = pattern.after_.find('*') != std::string::npos;
    if (again || (pattern.before_.empty() && pattern.after_.empty())) return std::nullopt;
    return pattern;
}

bool SystemPattern::matches(std::string_view system) const {
    if (!wild_) return system == before_;
    if (system.size() <= before_.size() + after_.size() || !system.starts_with(before_) || !system.ends_with(after_))
        return false;
    const auto site = system.substr(before_.size(), system.size() - before_.size() - after_.size());
    return site.find_first_of("/.:?#") == std::string_view::npos;
}

bool SystemPattern::overlaps(const SystemPattern& other) const {
    if (!wild_) return other.matches(before_);
    if (!other.wild_) return matches(other.before_);
    const auto starts = [](const std::string& a, const std::string& b) { return a.starts_with(b) || b.starts_with(a); };
    const auto ends = [](const std::string& a, const std::string& b) { return a.ends_with(b) || b.ends_with(a); };
    return starts(before_, other.before_) && ends(after_, other.after_);
}

void CodeMap::add(const SystemPattern& system, std::string_view code, std::vector<MappedTo> meanings) {
    auto at = std::ranges::find(systems_, system, &System::pattern);
    if (at == systems_.end()) at = systems_.insert(system.exact() ? systems_.begin() : systems_.end(), {system, {}});
    auto& known = at->codes[std::string(code)];
    for (auto& meaning : meanings) {
        if (std::ranges::find(known, meaning) == known.end()) known.push_back(std::move(meaning));
    }
}

bool CodeMap::covers(std::string_view system) const {
    return std::ranges::any_of(systems_, [&](const System& one) { return one.pattern.matches(system); });
}

const std::vector<MappedTo>* CodeMap::find(std::string_view system, std::string_view code) const {
    for (const System& one : systems_) {
        if (!one.pattern.matches(system)) continue;
        if (const auto found = one.codes.find(code); found != one.codes.end()) return &found->second;
    }
    return nullptr;
}

namespace {

// Every concept of the record that content codes are looked up in, of resources from `first` on.
template <typename Rec, typename Use>
void each_concept(Rec& record, ResourceIndex first, const Use& use) {
    for (auto& row : record.conditions) {
        if (row.resource < first) continue;
        use(row.code);
        use(row.severity);
    }
    for (auto& row : record.observations) {
        if (row.resource < first) continue;
        use(row.code);
        use(row.body_site);
        use(row.value);
    }
    const auto of = [&](auto& row, auto& code) {
        if (row.resource >= first) use(code);
    };
    for (auto& row : record.procedures) of(row, row.code);
    for (auto& row : record.service_requests) of(row, row.code);
    for (auto& row : record.medications) of(row, row.medication);
}

SystemReader reader_of(std::string_view system, const CodeTable& codes, const CodeMap* map) {
    if (codes.reads(system)) return SystemReader::content;
    return map != nullptr && map->covers(system) ? SystemReader::map : SystemReader::nobody;
}

class Settler {
public:
    Settler(Record& record, const CodeTable& codes, const CodeMap* map) : record_(record), codes_(codes), map_(map) {}

    void settle(CodeableConcept& entry) {
        if (entry.codings.count == 0) return;
        meanings_.clear();
        bool mapped = false;
        for (std::uint32_t i = 0; i < entry.codings.count; ++i) {
            const Coding& coding = record_.codings[entry.codings.first + i];
            if (coding.code.empty()) continue;
            const auto* found = coding.id == 0 && map_ != nullptr ? map_->find(coding.system, coding.code) : nullptr;
            count(coding, found != nullptr);
            if (found == nullptr || found->empty()) continue;
            mapped = true;
            for (const MappedTo& to : *found) meanings_.push_back({to.id, to.system, to.code, coding.display, true});
        }
        if (mapped) replace(entry);
    }

private:
    // Written behind all others: uses of one Medication share their codings.
    void replace(CodeableConcept& entry) {
        const auto first = static_cast<std::uint32_t>(record_.codings.size());
        for (std::uint32_t i = 0; i < entry.codings.count; ++i) {
            const Coding coding = record_.codings[entry.codings.first + i];
            const auto* found = coding.id == 0 ? map_->find(coding.system, coding.code) : nullptr;
            if (found == nullptr || found->empty()) record_.codings.push_back(coding);
        }
        record_.codings.insert(record_.codings.end(), meanings_.begin(), meanings_.end());
        entry.codings = {first, static_cast<std::uint32_t>(record_.codings.size()) - first};
    }

    void count(const Coding& coding, bool named) {
        if (coding.system.data() != last_.data() || coding.system.size() != last_.size() || at_ == k_nowhere) {
            last_ = coding.system;
            at_ = place_of(coding.system);
        }
        SystemCount& counted = record_.code_systems[at_];
        ++counted.codings;
        if (coding.id != 0 || named) ++counted.read;
    }

    // Systems beyond the limit share one place; the content's own are few and keep theirs.
    std::size_t place_of(std::string_view system) {
        auto& systems = record_.code_systems;
        const auto known = std::ranges::find(systems, system, &SystemCount::system);
        if (known != systems.end()) return static_cast<std::size_t>(known - systems.begin());
        const SystemReader reader = reader_of(system, codes_, map_);
        if (systems.size() >= limits::k_code_systems && reader != SystemReader::content && system != k_further)
            return place_of(k_further);
        systems.push_back({system, system == k_further ? SystemReader::nobody : reader, 0, 0});
        return systems.size() - 1;
    }

    static constexpr std::string_view k_further = "further code systems";
    static constexpr std::size_t k_nowhere = ~std::size_t{0};
    Record& record_;
    const CodeTable& codes_;
    const CodeMap* map_;
    std::vector<Coding> meanings_;
    std::string_view last_;
    std::size_t at_ = k_nowhere;
};

}  // namespace

void settle_codings(Record& record, ResourceIndex first, const CodeTable& codes, const CodeMap* map) {
    Settler settler(record, codes, map != nullptr && !map->empty() ? map : nullptr);
    each_concept(record, first, [&](CodeableConcept& entry) { settler.settle(entry); });
}

CodingTotals totals_of(const Record& record) {
    CodingTotals totals;
    for (const SystemCount& system : record.code_systems) {
        totals.codings += system.codings;
        totals.read += system.read;
        if (system.reader == SystemReader::nobody) totals.lost += system.codings;
    }
    return totals;
}

std::vector<const Coding*> lost_codings(const Record& record, const CodeTable& codes, const CodeMap* map) {
    std::vector<const Coding*> lost;
    each_concept(record, 0, [&](const CodeableConcept& entry) {
        for (const Coding& coding : record.in(entry)) {
            const bool nobody =
                coding.id == 0 && !coding.code.empty() && reader_of(coding.system, codes, map) == SystemReader::nobody;
            if (nobody) lost.push_back(&coding);
        }
    });
    return lost;
}

}  // namespace proctor::fhir
