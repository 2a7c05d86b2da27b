// The published JSON Schemas (cards/schemas) over content files. The only room for the schema library.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "rules/parse_reader.h"

namespace proctor::rules {

class Schemas {
public:
    // Reads every *.schema.json of the folder. Error: one is missing or no schema.
    static Result<std::unique_ptr<Schemas>> load(const std::filesystem::path& folder);
    ~Schemas();
    Schemas(const Schemas&) = delete;
    Schemas& operator=(const Schemas&) = delete;

    // Reports what the schema `<name>.schema.json` has against the JSON text of a file. False when something
    // is wrong.
    bool check(std::string_view name, std::string_view text, const std::string& file, Problems& problems) const;

private:
    struct State;
    explicit Schemas(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace proctor::rules
