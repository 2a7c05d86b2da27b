// A site's own codes as codes of the content (local code maps, RxNorm relations), and what of a record's codings is
// read at all. A look-up allocates nothing. It knows no files and no clinic; rules/concept_map.h fills it.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir/record.h"

namespace proctor::fhir {

// A code system as a map names it. One `*` stands for the site or tenant: one or more characters other than / . : ? #
class SystemPattern {
public:
    // Nothing when there is more than one `*`, or no text beside it.
    static std::optional<SystemPattern> parse(std::string_view text);
    [[nodiscard]] bool matches(std::string_view system) const;
    // Some system may match both; may err towards true.
    [[nodiscard]] bool overlaps(const SystemPattern& other) const;
    [[nodiscard]] bool exact() const { return !wild_; }
    friend bool operator==(const SystemPattern&, const SystemPattern&) = default;

private:
    std::string before_, after_;  // of the `*`; exact: all of it and nothing
    bool wild_ = false;
};

struct MappedTo {
    std::string system, code;
    CodeId id = 0;  // in the content's table
    friend bool operator==(const MappedTo&, const MappedTo&) = default;
};

class CodeMap {
public:
    // A code's meanings; none: the site says that it means nothing here. Further meanings of a code are added to it.
    // All come before the first look-up.
    void add(const SystemPattern& system, std::string_view code, std::vector<MappedTo> meanings);

    [[nodiscard]] bool empty() const { return systems_.empty(); }
    [[nodiscard]] bool covers(std::string_view system) const;
    // nullptr when no map names the code. An exact system is asked before one with a `*`. Valid as long as the map.
    [[nodiscard]] const std::vector<MappedTo>* find(std::string_view system, std::string_view code) const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    struct System {
        SystemPattern pattern;
        std::unordered_map<std::string, std::vector<MappedTo>, Hash, std::equal_to<>> codes;
    };
    std::vector<System> systems_;  // exact ones first
};

// Replaces codings of the entries of resources from `first` on by what a map says they mean (nullptr: no map), and
// counts all of them in record.code_systems. A Medication counts for each of its uses.
void settle_codings(Record& record, ResourceIndex first, const CodeTable& codes, const CodeMap* map);

// All code systems together.
struct CodingTotals {
    std::size_t codings = 0;
    std::size_t read = 0;
    std::size_t lost = 0;  // of systems that neither the content reads nor a map covers
};
[[nodiscard]] CodingTotals totals_of(const Record& record);

// The codings that are lost, in record order. Valid as long as the record.
[[nodiscard]] std::vector<const Coding*> lost_codings(const Record& record, const CodeTable& codes, const CodeMap* map);

}  // namespace proctor::fhir
