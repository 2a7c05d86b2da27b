// SQLite's own look at every page of a file. It knows no tables.
#pragma once

#include <string>

#include "base/result.h"

namespace proctor::store {

// Without changing it. Error: it is damaged, or cannot be read.
[[nodiscard]] Status check_sqlite(const std::string& path);

}  // namespace proctor::store
