// What stands for memory that is short, in tests of what must not fail for it.
#pragma once

#include <cstdint>
#include <string_view>

namespace proctor {

// Whoever copies it throws, as no memory holds it. Nobody may read it.
inline std::string_view text_without_memory() { return {"", PTRDIFF_MAX}; }

}  // namespace proctor
