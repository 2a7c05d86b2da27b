#include "hooks/hook_table.h"

#include <algorithm>
#include <array>

#include "hooks/settings.h"

namespace proctor::hooks {

std::span<const HookContext> hook_table() {
    static constexpr std::array<HookContext, 1> k_table = {{
        {"patient-view", "1.0", k_service_id, true, false},
    }};
    return k_table;
}

const HookContext* find_hook(std::string_view hook) {
    const auto table = hook_table();
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const HookContext& row) { return row.hook == hook; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace proctor::hooks
