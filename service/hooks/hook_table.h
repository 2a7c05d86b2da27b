// The hooks this service can serve and what each owes in its context (HL7/cds-hooks-library, hook definitions). A
// further hook is a further row.
#pragma once

#include <span>
#include <string_view>

namespace proctor::hooks {

struct HookContext {
    std::string_view hook;
    std::string_view hookVersion;
    std::string_view service;  // id of the service that serves it
    bool needs_user = false;
    bool needs_encounter = false;
};

[[nodiscard]] std::span<const HookContext> hook_table();
// Null for a hook that is not served.
[[nodiscard]] const HookContext* find_hook(std::string_view hook);

}  // namespace proctor::hooks
