#include "rules/schema.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace proctor::rules {

using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

struct Schemas::State {
    std::map<std::string, Json> documents;  // by file name
    std::map<std::string, valijson::Schema> schemas;
    std::vector<std::string> members;  // every member they know, for "did you mean"
};

namespace {

constexpr std::string_view k_suffix = ".schema.json";

void collect_members(const Json& schema, std::set<std::string>& members) {
    if (schema.is_object() && schema.contains("properties") && schema["properties"].is_object()) {
        for (const auto& [name, value] : schema["properties"].items()) members.insert(name);
    }
    for (const auto& child : schema) {
        if (child.is_structured()) collect_members(child, members);
    }
}

// valijson's "<root>", "[decide]", "[0]".
std::string pointer_of(const std::vector<std::string>& context) {
    std::string pointer;
    for (const std::string& step : context) {
        if (step.size() > 2 && step.front() == '[') pointer += pointer_step(step.substr(1, step.size() - 2));
    }
    return pointer;
}

// What stands in the last pair of quotes.
std::string quoted_part(const std::string& text) {
    const auto last = text.rfind('\'');
    if (last == std::string::npos || last == 0) return "";
    const auto first = text.rfind('\'', last - 1);
    return first == std::string::npos ? "" : text.substr(first + 1, last - first - 1);
}

// The library's sentences in plain words; nothing for those that only repeat, from further out, that
// something inside is wrong.
std::string plain(const std::string& description, const std::vector<std::string>& members) {
    const auto says = [&](std::string_view start) { return description.starts_with(start); };
    if (says("Failed to validate")) return "";
    if (says("Object contains a property")) {
        const std::string name = quoted_part(description);
        return "unknown member \"" + name + "\"" + did_you_mean(name, members);
    }
    if (says("Missing required property")) return "the member \"" + quoted_part(description) + "\" is missing";
    if (says("Value type not permitted")) return "the wrong type of value";
    if (says("Failed to match against any enum")) return "not one of the allowed values";
    if (says("Failed to match regex")) return "not in the expected form";
    return description;
}

Result<Json> read_schema(const std::filesystem::path& path) {
    std::ifstream in(path);
    Json json = Json::parse(in, nullptr, false);
    if (json.is_discarded()) return Error{"not a JSON Schema", path.filename().string()};
    return json;
}

}  // namespace

Schemas::Schemas(std::unique_ptr<State> state) : state_(std::move(state)) {}
Schemas::~Schemas() = default;

Result<std::unique_ptr<Schemas>> Schemas::load(const std::filesystem::path& folder) {
    auto state = std::make_unique<State>();
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        if (!entry.path().filename().string().ends_with(k_suffix)) continue;
        auto json = read_schema(entry.path());
        if (!json) return json.error();
        state->documents.emplace(entry.path().filename().string(), *std::move(json));
    }
    if (state->documents.empty()) return Error{"no JSON Schemas (*.schema.json) here", "schemas"};
    const auto fetch = [&](const std::string& uri) -> const Json* {
        const auto it = state->documents.find(uri);
        return it == state->documents.end() ? nullptr : &it->second;
    };
    std::set<std::string> members;
    for (const auto& [name, json] : state->documents) {
        try {
            valijson::SchemaParser().populateSchema(Adapter(json), state->schemas[name], fetch, [](const Json*) {});
        } catch (const std::exception& error) {
            return Error{std::string("not a usable JSON Schema: ") + error.what(), "schemas/" + name};
        }
        collect_members(json, members);
    }
    state->members = {members.begin(), members.end()};
    return std::unique_ptr<Schemas>(new Schemas(std::move(state)));
}

bool Schemas::check(std::string_view name, std::string_view text, const std::string& file, Problems& problems) const {
    const std::string schema_file = std::string(name) + std::string(k_suffix);
    const auto schema = state_->schemas.find(schema_file);
    if (schema == state_->schemas.end()) {
        problems.add("schemas/" + schema_file, "", "the schema is missing");
        return false;
    }
    const Json json = Json::parse(text, nullptr, false);
    valijson::ValidationResults results;
    if (valijson::Validator().validate(schema->second, Adapter(json), &results)) return true;
    std::set<std::string> said;
    for (const auto& error : results) {
        const std::string message = plain(error.description, state_->members);
        const std::string pointer = pointer_of(error.context);
        if (!message.empty() && said.insert(pointer + message).second) problems.add(file, pointer, message);
    }
    if (said.empty()) problems.add(file, "", "does not fit its JSON Schema");
    return false;
}

}  // namespace proctor::rules
