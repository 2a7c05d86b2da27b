// How names are looked up and what is said when they are not found.
#include <array>

#include "rules/parse.h"

namespace proctor::rules {
namespace {

constexpr std::array<std::string_view, fhir::k_sources> k_source_names = {"patient",
                                                                          "condition",
                                                                          "laboratory",
                                                                          "vital-signs",
                                                                          "survey",
                                                                          "exam",
                                                                          "procedure",
                                                                          "service-request",
                                                                          "encounter",
                                                                          "medication-request",
                                                                          "medication-statement",
                                                                          "medication-administration"};

struct UnitOf {
    const Content& content;
    std::string operator()(const QuantityFact& fact) const {
        for (const QuantityKind& kind : content.quantities) {
            if (kind.id == fact.quantity) return kind.unit;
        }
        return "";
    }
    std::string operator()(const RatioFact&) const { return "ratio"; }
    std::string operator()(const ScoreFact&) const { return "points"; }
    std::string operator()(const DurationFact&) const { return "days"; }
    std::string operator()(const AgeFact&) const { return "years"; }
    template <typename Other>
    std::string operator()(const Other&) const {
        return "";
    }
};

}  // namespace

std::string unit_of(const Fact& fact, const Content& content) { return std::visit(UnitOf{content}, fact.body); }

bool has_time(const Fact& fact) {
    return std::holds_alternative<QuantityFact>(fact.body) || std::holds_alternative<PositiveFact>(fact.body) ||
           std::holds_alternative<FlaggedFact>(fact.body) || std::holds_alternative<PerformedFact>(fact.body);
}

Scope scope_of(const Content& content, const std::vector<Fact>& own) {
    Scope scope{content, {}, {}};
    for (const Fact& fact : content.facts) scope.facts.emplace(fact.name, &fact);
    for (const Fact& fact : own) scope.facts.emplace(fact.name, &fact);
    for (const Condition& condition : content.conditions) scope.conditions.insert(condition.name);
    return scope;
}

std::string unknown_name(std::string_view kind, std::string_view name, const std::vector<std::string>& known_names) {
    return "no " + std::string(kind) + " is called \"" + std::string(name) + "\"" + did_you_mean(name, known_names);
}

std::string known_value_set(const Reader& at, const Content& content) {
    return known(at, "value set", content.valueSets);
}
std::string known_finding(const Reader& at, const Content& content) { return known(at, "finding", content.findings); }
std::string known_quantity(const Reader& at, const Content& content) {
    return known(at, "quantity", content.quantities);
}

std::vector<std::string> each(const Reader& at, const std::function<std::string(const Reader&)>& read) {
    std::vector<std::string> result;
    for (const Reader& item : at.one_or_more()) result.push_back(read(item));
    return result;
}

std::string_view source_name(fhir::Source source) { return k_source_names[static_cast<std::size_t>(source)]; }

std::vector<fhir::Source> read_sources(const Reader& at) {
    std::vector<fhir::Source> result;
    for (const Reader& item : at.one_or_more()) {
        const std::string name = item.text();
        std::size_t index = 0;
        while (index < k_source_names.size() && k_source_names[index] != name) ++index;
        if (index == k_source_names.size()) {
            item.fail(unknown_name("search", name, {k_source_names.begin(), k_source_names.end()}));
        } else {
            result.push_back(static_cast<fhir::Source>(index));
        }
    }
    return result;
}

}  // namespace proctor::rules
