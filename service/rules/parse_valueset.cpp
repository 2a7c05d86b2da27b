// A FHIR ValueSet to rows of the code table.
#include <optional>

#include "rules/parse.h"

namespace proctor::rules {
namespace {

using fhir::CodeEntry;
using fhir::CodeStrength;
using fhir::CodeUse;

constexpr std::string_view k_extensions = "https://proctor.example/fhir/StructureDefinition/";

Reader extension(const Reader& element, std::string_view name, std::string_view value) {
    for (const Reader& item : element["extension"].items()) {
        if (item["url"].text() == std::string(k_extensions) + std::string(name)) return item[value];
    }
    return element["extension of that name"];  // none
}

CodeUse read_use(const Reader& include) {
    static const std::vector<std::string> k_uses = {"finding", "question", "value", "medication", "order", "context"};
    const Reader at = extension(include, "use", "valueCode");
    if (!at) {
        include.fail("the extension \"use\" is missing");
        return CodeUse::context;
    }
    for (std::size_t i = 0; i < k_uses.size(); ++i) {
        if (at.text() == k_uses[i]) return static_cast<CodeUse>(i);
    }
    at.fail(unknown_name("use", at.text(), k_uses));
    return CodeUse::context;
}

CodeStrength read_strength(const Reader& include) {
    const Reader at = extension(include, "strength", "valueCode");
    if (at && at.text() != "weak" && at.text() != "strong") at.fail("strength is \"weak\" or \"strong\"");
    return at.text() == "weak" ? CodeStrength::weak : CodeStrength::strong;
}

// `K62\.8.*` is every code that starts with "K62.8"; nothing for any other pattern.
std::optional<std::string> literal_start(std::string_view pattern) {
    if (!pattern.ends_with(".*")) return std::nullopt;
    pattern.remove_suffix(2);
    std::string start;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size() && pattern[i + 1] == '.') {
            start += '.';
            ++i;
        } else if (std::string_view("\\.*+?()[]{}|^$").find(pattern[i]) != std::string_view::npos) {
            return std::nullopt;
        } else {
            start += pattern[i];
        }
    }
    return start.empty() ? std::nullopt : std::optional(start);
}

bool stands_already(const Content& content, const CodeEntry& entry) {
    for (const CodeEntry& row : content.codes.all()) {
        if (row.value_set == entry.value_set && row.prefix == entry.prefix && row.system == entry.system &&
            row.code == entry.code && row.use == entry.use) {
            return true;
        }
    }
    return false;
}

void add_row(const Reader& at, Content& content, CodeEntry entry) {
    if (stands_already(content, entry)) at.fail("the code stands twice in this value set");
    content.codes.add(std::move(entry));
}

void read_include(const Reader& include, Content& content) {
    CodeEntry entry;
    entry.value_set = static_cast<std::uint16_t>(content.valueSets.size() - 1);
    entry.use = read_use(include);
    entry.strength = read_strength(include);
    entry.system = include["system"].text();
    for (const Reader& concept_ : include["concept"].items()) {
        entry.code = concept_["code"].text();
        entry.display = concept_["display"].text();
        entry.confirm = extension(concept_, "confirm", "valueString").text();
        add_row(concept_, content, entry);
    }
    for (const Reader& filter : include["filter"].items()) {
        const auto start = literal_start(filter["value"].text());
        if (!start) filter["value"].fail("a family of codes is a literal start and \".*\", such as K62\\.8.*");
        entry.code = start.value_or("");
        entry.prefix = true;
        entry.display = extension(include, "display", "valueString").text();
        entry.confirm = extension(include, "confirm", "valueString").text();
        add_row(filter, content, entry);
    }
    if (!include["concept"] && !include["filter"]) include.fail("neither a concept nor a filter");
}

}  // namespace

void read_value_set(const Reader& at, Content& content) {
    const std::string id = at["id"].text();
    if (at.file() != "valuesets/" + id + ".json") at["id"].fail("the id is the file's name");
    content.valueSets.push_back({id, at["url"].text(), at["title"].text()});
    for (const Reader& include : at["compose"]["include"].items()) read_include(include, content);
    for (const Reader& exclude : at["compose"]["exclude"].items()) {
        for (const Reader& concept_ : exclude["concept"].items()) {
            const auto index = static_cast<std::uint16_t>(content.valueSets.size() - 1);
            content.codes.exclude(index, exclude["system"].text(), concept_["code"].text());
        }
    }
}

}  // namespace proctor::rules
