#include "console/lost_codes.h"

#include <algorithm>
#include <cstdint>

#include "base/digest.h"
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

LostCodes::LostCodes(Entropy& entropy) : key_(std::string(32, '\0')) {
    entropy.fill({reinterpret_cast<std::uint8_t*>(key_.text.data()), key_.text.size()});
}

std::string LostCodes::digest_of(std::vector<std::string_view> patient) const {
    patient.insert(patient.begin(), key_.text);
    return sha256_hex(framed(patient));
}

void LostCodes::add(std::string_view client, const std::vector<std::string_view>& patient,
                    const std::vector<const fhir::Coding*>& lost) {
    std::set<std::pair<std::string, std::string>> once;  // however often one chart says it
    for (const fhir::Coding* coding : lost) {
        if (once.size() >= limits::k_lost_codes) break;
        if (is_system(coding->system) && is_code(coding->code)) once.emplace(coding->system, coding->code);
    }
    if (once.empty()) return;
    const std::string digest = digest_of(patient);
    const std::lock_guard lock(mutex_);
    auto& codes = clients_[std::string(client)];
    for (const auto& code : once) {
        // What one patient has makes room: a code that matters comes again.
        if (codes.size() >= limits::k_lost_codes && !codes.contains(code))
            std::erase_if(codes, [](const auto& one) { return one.second.patients.size() < 2; });
        if (codes.size() >= limits::k_lost_codes && !codes.contains(code)) continue;
        Seen& seen = codes[code];
        ++seen.calls;
        if (seen.patients.size() < limits::k_lost_code_patients) seen.patients.insert(digest);
    }
}

std::vector<LostCode> LostCodes::of(std::string_view client) const {
    std::vector<LostCode> codes;
    const std::lock_guard lock(mutex_);
    const auto known = clients_.find(client);
    if (known == clients_.end()) return codes;
    for (const auto& [code, seen] : known->second) {
        if (seen.patients.size() >= limits::k_lost_code_patients)
            codes.push_back({code.first, code.second, seen.calls});
    }
    std::ranges::stable_sort(codes, std::ranges::greater(), &LostCode::calls);
    return codes;
}

}  // namespace proctor::console
