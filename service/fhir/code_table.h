// The codes that the content knows, interned once when content is loaded. The reader asks it for every Coding of a
// request, so a lookup allocates nothing. It knows codes and the value sets they stand in, not what they are for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace proctor::fhir {

using CodeId = std::uint32_t;  // 0: not in the table

// How an entry of a value set may be used. Names from the ValueSet extension `use`.
enum class CodeUse : std::uint8_t { finding, question, value, medication, order, context };
enum class CodeStrength : std::uint8_t { strong, weak };

// One row of one value set.
struct CodeEntry {
    std::uint16_t value_set = 0;  // index into the content's value sets
    CodeUse use = CodeUse::finding;
    CodeStrength strength = CodeStrength::strong;
    std::string system;
    std::string code;     // for a prefix entry: what the code starts with
    bool prefix = false;  // ICD and ATC families
    std::string display;
    std::string confirm{};  // why a site should look the code up before live use; for the catalogue
    friend bool operator==(const CodeEntry&, const CodeEntry&) = default;
};

class CodeTable {
public:
    // Adds a row; all rows come before the first lookup. Returns the row's index.
    std::uint32_t add(CodeEntry entry);
    // Takes a code out of a value set's prefix rows (ValueSet.compose.exclude).
    void exclude(std::uint16_t value_set, std::string_view system, std::string_view code);
    // After build: nothing finds this row any more, as if its code were written wrongly. For the mutation test of
    // content.
    void forget(std::uint32_t row);
    // Call once after the last add and exclude.
    void build();

    // The id of what is known of this code: the exact rows and every prefix row that covers it. 0 when none does.
    // Comparison is exact in system and code. Thread-safe after build.
    [[nodiscard]] CodeId find(std::string_view system, std::string_view code) const;
    // Row indices for an id, ascending; empty for 0. Valid as long as the table.
    [[nodiscard]] std::span<const std::uint32_t> rows(CodeId id) const;
    [[nodiscard]] const CodeEntry& row(std::uint32_t index) const { return rows_[index]; }
    [[nodiscard]] std::span<const CodeEntry> all() const { return rows_; }
    // Some row is of this code system.
    [[nodiscard]] bool reads(std::string_view system) const;
    // A code system that some `finding` or `question` row uses: a Coding of it settles what an entry says, so its text
    // does not.
    [[nodiscard]] bool reads_findings_in(std::string_view system) const;

private:
    struct System {
        std::string uri;
        bool findings = false;
        std::vector<std::uint32_t> prefix_lengths;  // longest first
    };
    struct Key {  // by CodeId
        std::uint32_t system = 0;
        bool prefix = false;
        std::string code;
    };
    struct Exclusion {
        std::uint16_t value_set = 0;
        std::string system;
        std::string code;
    };

    [[nodiscard]] std::uint32_t system_index(std::string_view system) const;
    [[nodiscard]] bool is_excluded(const CodeEntry& row, std::string_view code) const;
    [[nodiscard]] std::vector<std::uint32_t> rows_about(std::uint32_t system, std::string_view code, bool prefix) const;
    void put(std::uint32_t system, std::string_view code, bool prefix);
    // Where a key's id stands in the open-addressing table, or the free place where it would.
    [[nodiscard]] const CodeId* slot(std::uint32_t system, std::string_view code, bool prefix) const;
    [[nodiscard]] CodeId* slot(std::uint32_t system, std::string_view code, bool prefix);

    std::vector<CodeEntry> rows_;
    std::vector<std::uint32_t> row_systems_;  // by row: index into systems_
    std::vector<System> systems_;             // a handful
    std::vector<Exclusion> exclusions_;
    std::vector<Key> keys_;
    std::vector<std::vector<std::uint32_t>> row_sets_;  // by CodeId
    std::vector<CodeId> slots_;
};

}  // namespace proctor::fhir
