// The one of a list that has this id.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace proctor::rules {

// Null when none has it.
template <typename T>
[[nodiscard]] const T* find_by_id(const std::vector<T>& all, const std::string& id) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == id; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace proctor::rules
