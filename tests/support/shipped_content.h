// The content of cards/, loaded once in a process.
#pragma once

#include <cstdlib>
#include <iostream>
#include <memory>

#include "rules/content.h"

namespace proctor::support {

// Ends the program where it does not load: nothing could be tested.
inline const std::shared_ptr<const rules::Content>& shipped_content() {
    static const auto made = [] {
        auto content = rules::load_content(PROCTOR_SOURCE_DIR "/cards");
        if (!content) {
            std::cerr << describe(content.error()) << '\n';
            std::abort();
        }
        return content.value();
    }();
    return made;
}

}  // namespace proctor::support
