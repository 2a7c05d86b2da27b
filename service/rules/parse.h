// Content files to the values of model.h, one function a file. Every name is resolved against what was read
// before; what is wrong goes to the Reader's problems, and the value returned is then not used.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/content.h"
#include "rules/parse_reader.h"

namespace proctor::rules {

// In this order: each needs the ones before.
void read_manifest(const Reader& at, Content& content);
void read_value_set(const Reader& at, Content& content);  // adds its rows to content.codes
void read_findings(const Reader& at, Content& content);   // adds the codes of settledBy as weak rows
void read_answers(const Reader& at, Content& content);
void read_quantities(const Reader& at, Content& content);
void read_scores(const Reader& at, Content& content);
void read_facts(const Reader& at, Content& content);
void read_conditions(const Reader& at, Content& content);
void read_orders(const Reader& at, Content& content);
void read_override_reasons(const Reader& at, Content& content);
void read_source_attributes(const Reader& at, Content& content);

[[nodiscard]] Rule read_rule(const Reader& at, const Content& content);
[[nodiscard]] RuleText read_text(const Reader& at, const Rule& rule);
[[nodiscard]] std::vector<Case> read_cases(const Reader& at, const Rule& rule);
// The case once more with each code of its `alsoWith`.
[[nodiscard]] std::vector<Case> read_also_with(const Reader& at, const Case& example);

// ---- shared by the functions above
// ----------------------------------------------------------------------------------

// What a test may name.
struct Scope {
    const Content& content;
    std::map<std::string, const Fact*> facts;
    std::set<std::string> conditions;
};
// The shared facts and conditions, and a rule's own facts; refers to both.
[[nodiscard]] Scope scope_of(const Content& content, const std::vector<Fact>& own);

[[nodiscard]] Expr read_test(const Reader& at, const Scope& scope);
[[nodiscard]] std::vector<Fact> read_fact_list(const Reader& at, const Content& content);
[[nodiscard]] std::vector<fhir::Source> read_sources(const Reader& at);  // of one name or a list

[[nodiscard]] std::string_view source_name(fhir::Source source);  // "vital-signs"
[[nodiscard]] Indicator read_indicator(const Reader& at);         // the schema has seen to the word

// The unit in which tests compare the fact; empty when it has no value to compare.
[[nodiscard]] std::string unit_of(const Fact& fact, const Content& content);
// The fact has a time that `newerThan` can compare.
[[nodiscard]] bool has_time(const Fact& fact);

// The text of `at`, a problem when nothing of that kind has this id; an empty text is no problem.
[[nodiscard]] std::string known_value_set(const Reader& at, const Content& content);
[[nodiscard]] std::string known_finding(const Reader& at, const Content& content);
[[nodiscard]] std::string known_quantity(const Reader& at, const Content& content);
// "no finding is called "x", did you mean "y"?"
[[nodiscard]] std::string unknown_name(std::string_view kind, std::string_view name,
                                       const std::vector<std::string>& known);

template <typename T>
[[nodiscard]] std::vector<std::string> ids_of(const std::vector<T>& values) {
    std::vector<std::string> ids;
    ids.reserve(values.size());
    for (const T& value : values) ids.push_back(value.id);
    return ids;
}

template <typename T>
[[nodiscard]] std::string known(const Reader& at, std::string_view kind, const std::vector<T>& values) {
    std::string name = at.text();
    for (const T& value : values) {
        if (value.id == name) return name;
    }
    if (!name.empty()) at.fail(unknown_name(kind, name, ids_of(values)));
    return name;
}

// Of one name or a list, each through `read`.
[[nodiscard]] std::vector<std::string> each(const Reader& at, const std::function<std::string(const Reader&)>& read);

}  // namespace proctor::rules
