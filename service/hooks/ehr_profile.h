// What is known of the EHRs that call, as data, one row each. Cards have one form, which all of them take (at most one
// action a suggestion, selectionBehavior "any", alphanumeric topics, no appContext, absolute links), so that a row
// changes no card: it says which services the EHR can call and what its registration needs. It knows no requests.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "hooks/settings.h"

namespace proctor::hooks {

struct EhrProfile {
    Ehr ehr;
    std::string_view name;                    // in the configuration
    std::span<const std::string_view> hooks;  // that it fires; empty: any
    std::string_view registration;            // a sentence for usageRequirements, may be empty
};

[[nodiscard]] std::span<const EhrProfile> ehr_profiles();
[[nodiscard]] const EhrProfile& profile_of(Ehr ehr);
// Nothing for a name that no row has.
[[nodiscard]] std::optional<Ehr> ehr_named(std::string_view name);

// A hook that the EHR is not known to fire is left out of discovery, and answered all the same.
[[nodiscard]] bool fires(const EhrProfile& profile, std::string_view hook);

}  // namespace proctor::hooks
