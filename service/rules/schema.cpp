#include "rules/schema.h"

#include "base/json.h"  // before valijson includes the library itself

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <tuple>

// Or it ends the process where a schema is broken.
#define VALIJSON_USE_EXCEPTIONS 1
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace proctor::rules {

using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

namespace {

constexpr std::string_view k_suffix = ".schema.json";
const std::string k_unusable = "not a usable JSON Schema: ";

using Documents = std::map<std::string, Json>;                        // by file name
using ClosedLists = std::map<std::string, std::vector<std::string>>;  // the words allowed, by the member they are for

}  // namespace

struct Schemas::State {
    Documents documents;
    std::map<std::string, valijson::Schema> schemas;
    std::vector<std::string> members;          // every member they know, for "did you mean"
    std::map<std::string, ClosedLists> lists;  // by schema: its own, and those of what it refers to
};

namespace {

void collect_members(const Json& schema, std::set<std::string>& members) {
    if (schema.is_object() && schema.contains("properties") && schema["properties"].is_object()) {
        for (const auto& [name, value] : schema["properties"].items()) members.insert(name);
    }
    for (const auto& child : schema) {
        if (child.is_structured()) collect_members(child, members);
    }
}

// Walks a schema and what it refers to.
class ListCollector {
public:
    explicit ListCollector(const Documents& documents) : documents_(documents) {}

    ClosedLists of(const std::string& file) {
        walk(documents_.at(file), file, "");
        return std::move(lists_);
    }

private:
    void walk(const Json& schema, const std::string& file, const std::string& member) {
        if (schema.contains("enum")) add(schema["enum"], member);
        if (schema.contains("const")) add(Json::array({schema["const"]}), member);
        if (schema.contains("$ref")) follow(schema["$ref"].get<std::string>(), file, member);
        for (const auto& [name, child] : schema.items()) {
            if (name == "properties") {
                for (const auto& [property, value] : child.items()) walk(value, file, property);
            } else if (name != "definitions" && child.is_structured()) {
                walk(child, file, member);
            }
        }
    }

    // "rule.schema.json#/definitions/hook", the file left out where it is the same.
    void follow(const std::string& reference, const std::string& file, const std::string& member) {
        const auto hash = reference.find('#');
        const std::string target = hash == 0 ? file : reference.substr(0, hash);
        const auto document = documents_.find(target);
        const Json::json_pointer place(hash == std::string::npos ? "" : reference.substr(hash + 1));
        if (document == documents_.end() || !document->second.contains(place)) return;
        if (followed_.emplace(target, place.to_string(), member).second) walk(document->second[place], target, member);
    }

    void add(const Json& words, const std::string& member) {
        std::vector<std::string>& list = lists_[member];
        for (const Json& allowed : words) {
            if (!allowed.is_string()) continue;
            const auto word = allowed.get<std::string>();
            if (std::ranges::find(list, word) == list.end()) list.push_back(word);
        }
    }

    const Documents& documents_;
    ClosedLists lists_;
    std::set<std::tuple<std::string, std::string, std::string>> followed_;
};

// valijson's "<root>", "[decide]", "[0]".
std::vector<std::string> steps_of(const std::vector<std::string>& context) {
    std::vector<std::string> steps;
    for (const std::string& step : context) {
        if (step.size() > 2 && step.front() == '[') steps.push_back(step.substr(1, step.size() - 2));
    }
    return steps;
}

std::string pointer_of(const std::vector<std::string>& steps) {
    std::string pointer;
    for (const std::string& step : steps) pointer += pointer_step(step);
    return pointer;
}

// A word that its closed list lacks. The list is that of the nearest member that has one: at "hooks/0", of "hooks".
std::string unknown_word(const Json& document, const std::vector<std::string>& steps, const ClosedLists& lists) {
    std::string message = "not one of the allowed values";
    const Json::json_pointer place(pointer_of(steps));
    const auto has_list = [&](const std::string& step) { return lists.contains(step); };
    const auto member = std::find_if(steps.rbegin(), steps.rend(), has_list);
    if (member == steps.rend() || !document.contains(place) || !document[place].is_string()) return message;
    const auto& words = lists.at(*member);
    const std::string meant = did_you_mean(document[place].get<std::string>(), words);
    if (!meant.empty()) return message + meant;
    for (const std::string& allowed : words) message += (&allowed == &words.front() ? ": " : ", ") + allowed;
    return message;
}

// What stands in the last pair of quotes.
std::string quoted_part(const std::string& text) {
    const auto last = text.rfind('\'');
    if (last == std::string::npos || last == 0) return "";
    const auto first = text.rfind('\'', last - 1);
    return first == std::string::npos ? "" : text.substr(first + 1, last - first - 1);
}

bool is_about_a_word(const std::string& description) {
    return description.starts_with("Failed to match against any enum") ||
           description.starts_with("Failed to match expected value set by 'const'");
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
    for (std::filesystem::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
        const auto& path = it->path();
        if (!path.filename().string().ends_with(k_suffix)) continue;
        auto json = read_schema(path);
        if (!json) return json.error();
        state->documents.emplace(path.filename().string(), *std::move(json));
    }
    if (state->documents.empty()) return Error{"no JSON Schemas (*.schema.json) here", "schemas"};
    if (failed) return Error{"the folder cannot be read: " + failed.message(), "schemas"};
    const auto fetch = [&](const std::string& uri) -> const Json* {
        const auto it = state->documents.find(uri);
        return it == state->documents.end() ? nullptr : &it->second;
    };
    std::set<std::string> members;
    for (const auto& [name, json] : state->documents) {
        try {
            valijson::SchemaParser().populateSchema(Adapter(json), state->schemas[name], fetch, [](const Json*) {});
            collect_members(json, members);
            state->lists[name] = ListCollector(state->documents).of(name);
        } catch (const std::exception& error) {
            return Error{k_unusable + error.what(), "schemas/" + name};
        }
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
    try {
        if (valijson::Validator().validate(schema->second, Adapter(json), &results)) return true;
    } catch (const std::regex_error& error) {  // a pattern is looked at when it is used
        problems.add("schemas/" + schema_file, "", k_unusable + error.what());
        return false;
    }
    std::set<std::string> said;
    for (const auto& error : results) {
        const auto steps = steps_of(error.context);
        const std::string pointer = pointer_of(steps);
        const std::string message = is_about_a_word(error.description)
                                        ? unknown_word(json, steps, state_->lists.at(schema_file))
                                        : plain(error.description, state_->members);
        if (!message.empty() && said.insert(pointer + message).second) problems.add(file, pointer, message);
    }
    if (said.empty()) problems.add(file, "", "does not fit its JSON Schema");
    return false;
}

}  // namespace proctor::rules
