#include "app/config_site.h"

#include "hooks/ehr_profile.h"

namespace proctor::app {
namespace {

Problem take_version(const Node& value, std::optional<fhir::Version>& into) {
    std::string name;
    auto problem = take_one_of(value, {"DSTU2", "STU3", "R4", "R5"}, name);
    if (!problem) into = fhir::version_named(name);
    return problem;
}

Problem take_paths(const Node& value, std::vector<std::filesystem::path>& into) {
    std::vector<std::string> files;
    auto problem = take_texts(value, files);
    into.assign(files.begin(), files.end());
    return problem;
}

Problem take_ehr(const Node& value, hooks::Ehr& into) {
    std::vector<std::string> names;
    for (const auto& profile : hooks::ehr_profiles()) names.emplace_back(profile.name);
    std::string name;
    auto problem = take_one_of(value, names, name);
    if (!problem) into = *hooks::ehr_named(name);
    return problem;
}

// {"key": "source"}
Problem take_keys(const Node& value, fhir::PrefetchKeys& into) {
    if (value.kind != Node::Kind::object) return "must be an object of keys and what each of them brings";
    std::vector<std::pair<std::string, std::string>> names;
    for (std::size_t i = 0; i < value.items.size(); ++i) names.emplace_back(value.names[i], value.items[i].text);
    auto keys = hooks::read_keys(names);
    if (!keys) return describe(keys.error());
    into = std::move(keys).value();
    return std::nullopt;
}

}  // namespace

const std::vector<Member<Site>>& site_members() {
    static const std::vector<Member<Site>> all = {
        {"profile",
         [](const Node& v, Site& s) {
             return take_one_of(v, {"guideline", "seed"}, s.settings.profile);
         }},
        {"region",
         [](const Node& v, Site& s) {
             return take_one_of(v, {"UK", "US"}, s.settings.region);
         }},
        {"fhir_version", [](const Node& v, Site& s) { return take_version(v, s.settings.fhirVersion); }},
        {"ehr", [](const Node& v, Site& s) { return take_ehr(v, s.settings.ehr); }},
        {"prefetch_keys", [](const Node& v, Site& s) { return take_keys(v, s.settings.keys); }},
        {"time_zone", [](const Node& v, Site& s) { return take_zone(v, s.settings.zone); }},
        {"origins", [](const Node& v, Site& s) { return s.origins.clear(), take_origins(v, s.origins); }},
        {"concept_maps", [](const Node& v, Site& s) { return take_paths(v, s.concept_maps); }},
        {"unit_factors", [](const Node& v, Site& s) { return take_factors(v, s.settings.site.factors); }},
        {"show",
         [](const Node& v, Site& s) { return s.settings.site.show.clear(), take_texts(v, s.settings.site.show); }},
        {"rules_off",
         [](const Node& v, Site& s) { return s.settings.site.off.clear(), take_texts(v, s.settings.site.off); }},
        {"pilot", [](const Node& v, Site& s) { return take_flag(v, s.pilot); }},
        {"quiet_days",
         [](const Node& v, Site& s) {
             return take_whole(v, {0, 365}, s.quiet_days);
         }},
        {"keep_comments", [](const Node& v, Site& s) { return take_flag(v, s.keep_comments); }},
        {"source_url", [](const Node& v, Site& s) { return take_url(v, s.settings.sourceUrl); }},
        {"rules_url", [](const Node& v, Site& s) { return take_url(v, s.settings.rulesUrl); }},
    };
    return all;
}

}  // namespace proctor::app
