#include "hooks/settings.h"

#include <algorithm>

#include "rules/parse.h"
#include "rules/parse_json.h"

namespace proctor::hooks {
namespace {

using fhir::PrefetchKeys;
using fhir::Source;
using fhir::Version;

PrefetchKeys keys_with(const PrefetchKeys& orders, const char* medication_orders) {
    PrefetchKeys keys = {
        {"patient", Source::patient},        {"conditions", Source::condition}, {"laboratory", Source::laboratory},
        {"vitalSigns", Source::vital_signs}, {"survey", Source::survey},        {"exam", Source::exam},
        {"procedures", Source::procedure},
    };
    keys.insert(keys.end(), orders.begin(), orders.end());
    keys.insert(keys.end(), {{"encounters", Source::encounter},
                             {medication_orders, Source::medication_request},
                             {"medicationStatements", Source::medication_statement},
                             {"medicationAdministrations", Source::medication_administration}});
    return keys;
}

// The longest name that a client may give a key.
constexpr std::size_t k_name_characters = 64;

bool is_name(std::string_view text) {
    constexpr std::string_view k_allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return !text.empty() && text.size() <= k_name_characters &&
           text.find_first_not_of(k_allowed) == std::string_view::npos;
}

std::vector<std::string> source_names() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < fhir::k_sources; ++i) names.emplace_back(rules::source_name(static_cast<Source>(i)));
    return names;
}

}  // namespace

Result<PrefetchKeys> read_keys(const std::vector<std::pair<std::string, std::string>>& names) {
    const auto sources = source_names();
    PrefetchKeys keys;
    for (const auto& [name, source] : names) {
        const std::string where = rules::pointer_step(name);
        const auto known = std::ranges::find(sources, source);
        if (!is_name(name)) return Error{"a key is 1 to 64 letters, digits, '.', '_' or '-'", where};
        if (known == sources.end()) return Error{rules::unknown_name("search", source, sources), where};
        if (std::ranges::find(keys, name, &PrefetchKeys::value_type::first) != keys.end())
            return Error{"the key stands twice", where};
        keys.emplace_back(name, static_cast<Source>(known - sources.begin()));
    }
    return keys;
}

const PrefetchKeys& default_keys(Version version) {
    static const PrefetchKeys dstu2 = keys_with({{"diagnosticOrders", Source::service_request},
                                                 {"procedureRequests", Source::service_request},
                                                 {"referralRequests", Source::service_request}},
                                                "medicationOrders");
    static const PrefetchKeys stu3 =
        keys_with({{"procedureRequests", Source::service_request}, {"referralRequests", Source::service_request}},
                  "medicationRequests");
    static const PrefetchKeys r4 = keys_with({{"serviceRequests", Source::service_request}}, "medicationRequests");
    switch (version) {
        case Version::dstu2: return dstu2;
        case Version::stu3: return stu3;
        case Version::r4:
        case Version::r5: return r4;
    }
    return r4;
}

const PrefetchKeys& prefetch_keys(const Settings& settings) {
    return settings.keys.empty() ? default_keys(settings.fhirVersion.value_or(Version::r4)) : settings.keys;
}

void complete_keys(Settings& settings) {
    const PrefetchKeys own = settings.keys;
    if (own.empty()) return;
    for (const auto& key : default_keys(settings.fhirVersion.value_or(Version::r4))) {
        if (std::ranges::find(own, key.second, &PrefetchKeys::value_type::second) == own.end())
            settings.keys.push_back(key);
    }
}

}  // namespace proctor::hooks
