#include "console/lost_codes.h"

#include <algorithm>
#include <set>

#include "base/limits.h"

namespace proctor::console {
namespace {

constexpr std::string_view k_plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
constexpr std::string_view k_schemes[] = {"http://", "https://", "urn:"};

bool is_system(std::string_view text) {
    static const std::string allowed = std::string(k_plain) + ":/~#?=";
    const auto begins = [&](std::string_view scheme) {
        return text.starts_with(scheme) && text.size() > scheme.size();
    };
    return text.size() <= limits::k_lost_system_characters && std::ranges::any_of(k_schemes, begins) &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_code(std::string_view text) {
    static const std::string allowed = std::string(k_plain) + '^';
    return !text.empty() && text.size() <= limits::k_lost_code_characters &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

void LostCodes::add(std::string_view client, const std::vector<const fhir::Coding*>& lost) {
    std::set<std::pair<std::string, std::string>> once;  // however often one chart says it
    for (const fhir::Coding* coding : lost) {
        if (once.size() >= limits::k_lost_codes) break;
        if (is_system(coding->system) && is_code(coding->code)) once.emplace(coding->system, coding->code);
    }
    if (once.empty()) return;
    const std::lock_guard lock(mutex_);
    auto& calls = clients_[std::string(client)];
    for (const auto& code : once) {
        // What came once makes room: a code that matters comes again.
        if (calls.size() >= limits::k_lost_codes && !calls.contains(code))
            std::erase_if(calls, [](const auto& one) { return one.second < 2; });
        if (calls.size() < limits::k_lost_codes || calls.contains(code)) ++calls[code];
    }
}

std::vector<LostCode> LostCodes::of(std::string_view client) const {
    std::vector<LostCode> codes;
    const std::lock_guard lock(mutex_);
    const auto known = clients_.find(client);
    if (known == clients_.end()) return codes;
    for (const auto& [code, calls] : known->second) {
        if (calls >= limits::k_lost_code_calls) codes.push_back({code.first, code.second, calls});
    }
    std::ranges::stable_sort(codes, std::ranges::greater(), &LostCode::calls);
    return codes;
}

}  // namespace proctor::console
