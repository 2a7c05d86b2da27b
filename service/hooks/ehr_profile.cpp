#include "hooks/ehr_profile.h"

#include <algorithm>

namespace proctor::hooks {
namespace {

// Epic on FHIR, CDS Hooks. patient-view is also what it fires for triggers that have no hook of their own.
constexpr std::string_view k_epic_hooks[] = {"patient-view", "order-select", "order-sign"};
// fhir.cerner.com, CDS Hooks (beta).
constexpr std::string_view k_oracle_hooks[] = {"patient-view"};

constexpr EhrProfile k_profiles[] = {
    // in the order of Ehr
    {Ehr::plain, "plain", {}, ""},
    {Ehr::epic, "epic", k_epic_hooks,
     "In Epic, set the prefetch up by hand under these keys, register the endpoint exactly as it is called, and allow "
     "the pages that cards link to."},
    {Ehr::oracle, "oracle", k_oracle_hooks,
     "With Oracle Health, register the endpoint and the pages that cards link to: other links are removed. Critical "
     "cards pop up, others stand in the side bar."},
};

}  // namespace

std::span<const EhrProfile> ehr_profiles() { return k_profiles; }

const EhrProfile& profile_of(Ehr ehr) { return k_profiles[static_cast<std::size_t>(ehr)]; }

std::optional<Ehr> ehr_named(std::string_view name) {
    const auto found = std::ranges::find(k_profiles, name, &EhrProfile::name);
    if (found == std::end(k_profiles)) return std::nullopt;
    return found->ehr;
}

bool fires(const EhrProfile& profile, std::string_view hook) {
    return profile.hooks.empty() || std::ranges::find(profile.hooks, hook) != profile.hooks.end();
}

}  // namespace proctor::hooks
