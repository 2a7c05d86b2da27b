#include "fhir/code_table.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

namespace proctor::fhir {
namespace {

constexpr std::uint32_t k_none = ~std::uint32_t{0};

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
    return hash ^ (hash >> 29U);
}

std::uint64_t hash_of(std::uint32_t system, bool prefix, std::string_view code) {
    std::uint64_t hash = mix(system * 2U + (prefix ? 1U : 0U), code.size());
    for (; code.size() >= 8; code.remove_prefix(8)) {
        std::uint64_t word = 0;
        std::memcpy(&word, code.data(), 8);
        hash = mix(hash, word);
    }
    std::uint64_t word = 0;
    std::memcpy(&word, code.data(), code.size());
    return mix(hash, word);
}

}  // namespace

std::uint32_t CodeTable::add(CodeEntry entry) {
    auto index = system_index(entry.system);
    if (index == k_none) {
        index = static_cast<std::uint32_t>(systems_.size());
        systems_.push_back({entry.system, false, {}});
    }
    auto& system = systems_[index];
    system.findings |= entry.use == CodeUse::finding || entry.use == CodeUse::question;
    const auto length = static_cast<std::uint32_t>(entry.code.size());
    if (entry.prefix && std::ranges::find(system.prefix_lengths, length) == system.prefix_lengths.end()) {
        system.prefix_lengths.push_back(length);
    }
    rows_.push_back(std::move(entry));
    row_systems_.push_back(index);
    return static_cast<std::uint32_t>(rows_.size() - 1);
}

void CodeTable::exclude(std::uint16_t value_set, std::string_view system, std::string_view code) {
    exclusions_.push_back({value_set, std::string(system), std::string(code)});
}

std::uint32_t CodeTable::system_index(std::string_view system) const {
    for (std::uint32_t i = 0; i < systems_.size(); ++i) {
        if (systems_[i].uri == system) return i;
    }
    return k_none;
}

bool CodeTable::is_excluded(const CodeEntry& row, std::string_view code) const {
    return std::ranges::any_of(exclusions_, [&](const Exclusion& out) {
        return out.value_set == row.value_set && out.system == row.system && out.code == code;
    });
}

// All rows that speak of a code: its own and the prefix rows above it. `prefix` asks for a family instead of one code.
std::vector<std::uint32_t> CodeTable::rows_about(std::uint32_t system, std::string_view code, bool prefix) const {
    std::vector<std::uint32_t> about;
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
        if (row_systems_[i] != system) continue;
        const auto& row = rows_[i];
        const bool covers = row.prefix ? code.starts_with(row.code) && (prefix || !is_excluded(row, code))
                                       : !prefix && row.code == code;
        if (covers) about.push_back(i);
    }
    return about;
}

void CodeTable::put(std::uint32_t system, std::string_view code, bool prefix) {
    if (system == k_none || *slot(system, code, prefix) != 0) return;
    keys_.push_back({system, prefix, std::string(code)});
    row_sets_.push_back(rows_about(system, code, prefix));
    *slot(system, code, prefix) = static_cast<CodeId>(row_sets_.size() - 1);
}

void CodeTable::build() {
    std::size_t capacity = 16;
    while (capacity < (rows_.size() + exclusions_.size()) * 3) capacity *= 2;
    slots_.assign(capacity, 0);
    keys_.assign(1, {});
    row_sets_.assign(1, {});
    for (auto& system : systems_) std::ranges::sort(system.prefix_lengths, std::greater<>());
    for (std::size_t i = 0; i < rows_.size(); ++i) put(row_systems_[i], rows_[i].code, rows_[i].prefix);
    for (const auto& out : exclusions_) put(system_index(out.system), out.code, false);
}

void CodeTable::forget(std::uint32_t row) {
    for (auto& rows : row_sets_) rows.erase(std::remove(rows.begin(), rows.end(), row), rows.end());
}

const CodeId* CodeTable::slot(std::uint32_t system, std::string_view code, bool prefix) const {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash_of(system, prefix, code) & mask;; at = (at + 1) & mask) {
        const CodeId id = slots_[at];
        if (id == 0) return &slots_[at];
        const auto& key = keys_[id];
        if (key.system == system && key.prefix == prefix && key.code == code) return &slots_[at];
    }
}

CodeId* CodeTable::slot(std::uint32_t system, std::string_view code, bool prefix) {
    return const_cast<CodeId*>(std::as_const(*this).slot(system, code, prefix));
}

CodeId CodeTable::find(std::string_view system, std::string_view code) const {
    const auto index = system_index(system);
    if (index == k_none || slots_.empty() || code.empty()) return 0;
    const CodeId exact = *slot(index, code, false);
    if (exact != 0) return row_sets_[exact].empty() ? 0 : exact;
    for (const auto length : systems_[index].prefix_lengths) {
        if (length > code.size()) continue;
        const CodeId family = *slot(index, code.substr(0, length), true);
        if (family != 0) return family;
    }
    return 0;
}

std::span<const std::uint32_t> CodeTable::rows(CodeId id) const {
    if (id >= row_sets_.size()) return {};
    return row_sets_[id];
}

bool CodeTable::reads(std::string_view system) const { return system_index(system) != k_none; }

bool CodeTable::reads_findings_in(std::string_view system) const {
    const auto index = system_index(system);
    return index != k_none && systems_[index].findings;
}

}  // namespace proctor::fhir
