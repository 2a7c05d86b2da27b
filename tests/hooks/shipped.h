// The content that ships, as the service uses it, and what it is tested with.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "hooks/answer.h"
#include "support/shipped_content.h"

namespace proctor::hooks::testing {

inline const std::string k_root = PROCTOR_SOURCE_DIR;
inline const fhir::Instant k_now = fhir::read_instant("2026-06-15T12:00:00Z").value();

// A file by its path from the root.
inline std::string read_file(const std::string& path) {
    std::ifstream file(k_root + '/' + path, std::ios::binary);
    EXPECT_TRUE(file) << path;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

inline const Engine& engine() {
    static const Engine made(support::shipped_content());
    return made;
}

}  // namespace proctor::hooks::testing
