// The small content of tests/rules/sample, as it is or with one thing changed.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "rules/content.h"

namespace proctor::rules {

inline const std::filesystem::path k_source = PROCTOR_SOURCE_DIR;

inline std::string read_text_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
}

inline const Content& sample_content() {
    static const auto content = load_content(k_source / "tests/rules/sample");
    if (!content) ADD_FAILURE() << describe(content.error());
    return **content;
}

inline const LoadedRule& sample_rule(const std::string& id) {
    for (const LoadedRule& rule : sample_content().rules) {
        if (rule.rule.id == id) return rule;
    }
    ADD_FAILURE() << "no rule " << id;
    return sample_content().rules.front();
}

// A copy of the sample that a test may break. Removed with the object.
class ScratchContent {
public:
    ScratchContent() : root_(std::filesystem::temp_directory_path() / ("proctor-sample-" + std::to_string(getpid()))) {
        namespace fs = std::filesystem;
        fs::remove_all(root_);
        fs::copy(k_source / "tests/rules/sample", root_, fs::copy_options::recursive | fs::copy_options::skip_symlinks);
        fs::create_directory_symlink(k_source / "cards/schemas", root_ / "schemas");
    }
    ~ScratchContent() { std::filesystem::remove_all(root_); }
    ScratchContent(const ScratchContent&) = delete;
    ScratchContent& operator=(const ScratchContent&) = delete;

    void write(const std::string& file, const std::string& text) {
        std::ofstream(root_ / file, std::ios::binary) << text;
    }
    void remove(const std::string& file) { std::filesystem::remove_all(root_ / file); }
    void move(const std::string& from, const std::string& to) { std::filesystem::rename(root_ / from, root_ / to); }
    // The schemas, of which it has a link otherwise.
    void own_schemas() {
        remove("schemas");
        std::filesystem::copy(k_source / "cards/schemas", root_ / "schemas");
    }
    void link(const std::string& name, const std::string& to) { std::filesystem::create_symlink(to, root_ / name); }
    // Replaces the first occurrence, which must be there.
    void replace(const std::string& file, const std::string& from, const std::string& to) {
        std::string text = read_text_file(root_ / file);
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << file << " lacks " << from;
        write(file, text.replace(at, from.size(), to));
    }
    [[nodiscard]] auto load() const { return load_content(root_); }
    // What load says is wrong; empty when it loads.
    [[nodiscard]] std::string complaint() const {
        const auto content = load();
        return content ? "" : describe(content.error());
    }

private:
    std::filesystem::path root_;
};

// Compares with tests/golden/<name>; UPDATE_GOLDEN=1 writes it instead.
inline void expect_golden(const std::string& name, const std::string& text) {
    const auto path = k_source / "tests/golden" / name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    EXPECT_EQ(read_text_file(path), text) << "golden file " << name;
}

}  // namespace proctor::rules
