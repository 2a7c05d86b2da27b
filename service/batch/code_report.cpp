#include "batch/code_report.h"

#include <algorithm>
#include <vector>

namespace proctor::batch {
namespace {

constexpr std::size_t k_systems = 256;
constexpr std::size_t k_lost_codes = 10'000;
constexpr std::size_t k_lost_shown = 20;
constexpr std::size_t k_characters = 120;
constexpr const char* k_further = "(further ones)";

// As a terminal may show it: no control characters, no end of line, not too long.
std::string plain(std::string_view text) {
    std::string out(text.substr(0, k_characters));
    for (char& c : out) {
        if (c < ' ' || c > '~') c = '?';
    }
    return out.empty() ? "(none given)" : out;
}

std::string_view print(fhir::SystemReader reader) {
    switch (reader) {
        case fhir::SystemReader::content: return "read by the rules";
        case fhir::SystemReader::map: return "read by a code map";
        case fhir::SystemReader::nobody: return "LOST: neither the rules nor a code map read it";
    }
    return {};
}

}  // namespace

void CodeReport::add_system(std::string name, const Sum& sum) {
    if (systems_.size() >= k_systems && !systems_.contains(name)) name = k_further;
    Sum& whole = systems_[std::move(name)];
    whole.reader = sum.reader;
    whole.codings += sum.codings;
    whole.read += sum.read;
}

void CodeReport::add_lost(std::pair<std::string, std::string> code, std::uint64_t count) {
    if (lost_.size() >= k_lost_codes && !lost_.contains(code)) code = {k_further, ""};
    lost_[std::move(code)] += count;
}

void CodeReport::add(const fhir::Record& record, const hooks::Engine& engine) {
    for (const fhir::SystemCount& counted : record.code_systems)
        add_system(plain(counted.system), {counted.reader, counted.codings, counted.read});
    for (const fhir::Coding* coding : fhir::lost_codings(record, engine.content->codes, &engine.map))
        add_lost({plain(coding->system), plain(coding->code)}, 1);
}

void CodeReport::add(const CodeReport& other) {
    for (const auto& [name, sum] : other.systems_) add_system(name, sum);
    for (const auto& [code, count] : other.lost_) add_lost(code, count);
}

std::uint64_t CodeReport::lost() const {
    std::uint64_t sum = 0;
    for (const auto& [name, system] : systems_) {
        if (system.reader == fhir::SystemReader::nobody) sum += system.codings;
    }
    return sum;
}

std::string CodeReport::print() const {
    std::string text = "codes by code system (codings, of which known, who reads the system):\n";
    for (const auto& [name, sum] : systems_) {
        text += "  " + name + ": " + std::to_string(sum.codings) + ", " + std::to_string(sum.read) + ", " +
                std::string(batch::print(sum.reader)) + '\n';
    }
    return text;
}

std::string CodeReport::print_lost() const {
    std::vector<std::pair<std::uint64_t, std::string>> rows;
    rows.reserve(lost_.size());
    for (const auto& [code, count] : lost_) rows.emplace_back(count, code.first + ' ' + code.second);
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string text = rows.empty() ? "" : "commonest codes that are lost:\n";
    for (std::size_t i = 0; i < rows.size() && i < k_lost_shown; ++i)
        text += "  " + std::to_string(rows[i].first) + "  " + rows[i].second + '\n';
    return text;
}

std::string CodeReport::notice() const {
    if (lost() == 0) return {};
    return "proctor: " + std::to_string(lost()) +
           " codes are of code systems that neither the rules nor a code map read; --codes lists them\n";
}

}  // namespace proctor::batch
