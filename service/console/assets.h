// The page itself: files that the build puts into the program (console/assets.cmake). They hold no data.
#pragma once

#include <string_view>

namespace proctor::console {

struct Asset {
    std::string_view path;  // "/app.js"
    std::string_view type;
    std::string_view bytes;
};

// Null: there is none at this address. "/" is "/index.html".
[[nodiscard]] const Asset* find_asset(std::string_view path);

}  // namespace proctor::console
