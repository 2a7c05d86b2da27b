#include "hooks/found.h"

#include <algorithm>
#include <set>

#include "fhir/age.h"
#include "fhir/decimal.h"
#include "hooks/datum.h"
#include "hooks/fact_sources.h"

namespace proctor::hooks {
namespace {

using fhir::Micro;
using rules::FactResult;

constexpr Micro k_one = 1'000'000;
constexpr std::size_t k_named = 2;  // references beyond the entries described

std::string print_number(Micro value, Micro step) { return fhir::print_micro(value / step * step); }

std::string print_range(const fhir::Range& range, Micro step) {
    if (range.low && range.high) {
        const std::string low = print_number(*range.low, step);
        const std::string high = print_number(*range.high, step);
        return low == high ? low : low + " to " + high;
    }
    if (range.low) return "at least " + print_number(*range.low, step);
    if (range.high) return "at most " + print_number(*range.high, step);
    return "";
}

// "1 day", "at least 12 days", "0 to 1 days"
std::string count(const fhir::Range& range, const std::string& unit) {
    const std::string number = print_range(range, k_one);
    const bool one = number == "1" || number == "at least 1" || number == "at most 1";
    return number + ' ' + unit + (one ? "" : "s");
}

// Of a child under two years, whose day of birth is known, in months.
std::string print_age(const fhir::Patient& patient, const fhir::Range& years, fhir::Instant now) {
    constexpr std::chrono::hours k_longest_day{25};
    const bool to_the_day = patient.birth && patient.birth->latest - patient.birth->earliest <= k_longest_day;
    if (!to_the_day || !years.low || *years.low >= 2 * k_one) return count(years, "year");
    const auto months = k_one * fhir::months_on(patient.zone.day_of(now), patient.zone.day_of(patient.birth->earliest));
    return count({months, months}, "month");
}

// What Proctor worked out itself and no chart entry says. Measured values are told as written in the chart
// instead.
std::string derived_value(const ComposeInput& input, const rules::Fact& fact, const FactResult& result) {
    if (!result.value) return "";
    if (std::holds_alternative<rules::RatioFact>(fact.body)) return print_range(*result.value, k_one / 100);
    if (std::holds_alternative<rules::ScoreFact>(fact.body)) return count(*result.value, "point");
    if (std::holds_alternative<rules::DurationFact>(fact.body)) return count(*result.value, "day");
    if (std::holds_alternative<rules::AgeFact>(fact.body)) {
        const std::string age = print_age(input.record.patient, *result.value, input.now);
        return input.record.patient.birth ? age : "not known: no birth date; " + age + " assumed";
    }
    return "";
}

struct Found {
    const ComposeInput& input;
    std::size_t entries;
    std::set<rules::FactIndex> told_facts;
    std::set<fhir::ResourceIndex> told;
    std::set<std::string_view> veiled_lines;  // what stands for entries that the site does not show
    std::vector<std::string> lines;

    // "\"...\" (Condition/1); \"...\" (Condition/2); also Condition/3, Condition/4 and 5 more"
    std::string describe(const std::vector<fhir::ResourceIndex>& evidence, const std::vector<std::string>& value_sets) {
        std::string text;
        std::size_t described = 0;
        std::vector<fhir::ResourceIndex> rest;
        for (const auto resource : evidence) {
            if (input.record.resources[resource].type == fhir::ResourceType::patient) continue;
            if (const auto instead = veiled(input, resource, value_sets); !instead.empty()) {
                veiled_lines.insert(instead);
                continue;
            }
            if (described == entries || !told.insert(resource).second) {
                rest.push_back(resource);
                continue;
            }
            text += (described++ == 0 ? "" : "; ") + print_datum(input, resource, value_sets);
        }
        if (!rest.empty()) text += (text.empty() ? "" : "; also ") + name_rest(rest);
        return text;
    }

    std::string name_rest(const std::vector<fhir::ResourceIndex>& rest) {
        std::string text;
        for (std::size_t i = 0; i < rest.size() && i < k_named; ++i) {
            text += (i == 0 ? "" : ", ") + print_reference(input.record.resources[rest[i]]);
        }
        if (rest.size() > k_named) text += " and " + std::to_string(rest.size() - k_named) + " more";
        for (const auto resource : rest) told.insert(resource);
        return text;
    }

    void add(rules::FactIndex index) {
        const rules::Fact& fact = input.content.program.facts[index];
        const bool quality = std::holds_alternative<rules::QualityFact>(fact.body);
        if (quality || !told_facts.insert(index).second) return;
        const FactResult& result = input.outcome.facts.results[index];
        const std::string value = derived_value(input, fact, result);
        const bool nothing_new = value.empty() && std::all_of(result.evidence.begin(), result.evidence.end(),
                                                              [&](auto resource) { return told.count(resource) > 0; });
        if (nothing_new) return;
        const auto value_sets = value_sets_of(input.content, fact);
        const std::string entries_text = describe(result.evidence, value_sets);
        // A title beside nothing but entries that are not shown would tell what they are.
        const bool only_veiled = entries_text.empty() && value.empty() && !result.evidence.empty();
        const auto instead = input.veil.instead_of(value_sets);
        if (!instead.empty()) veiled_lines.insert(instead);
        if (only_veiled || !instead.empty()) return;
        std::string line = fact.title;
        if (!value.empty()) line += ' ' + value;
        if (!entries_text.empty()) line += ": " + entries_text;
        lines.push_back(std::move(line));
    }

    // Evidence that no fact of the row claims is told all the same.
    void add_rest(const Part& part) {
        for (const auto resource : part.fired->evidence) {
            if (input.record.resources[resource].type == fhir::ResourceType::patient || quality_only(part)) continue;
            if (!told.insert(resource).second) continue;
            if (const auto instead = veiled(input, resource, {}); !instead.empty())
                veiled_lines.insert(instead);
            else
                lines.push_back(print_datum(input, resource, {}));
        }
    }

    [[nodiscard]] bool quality_only(const Part& part) const {
        return std::any_of(part.fired->facts.begin(), part.fired->facts.end(), [&](auto index) {
            return std::holds_alternative<rules::QualityFact>(input.content.program.facts[index].body);
        });
    }
};

}  // namespace

std::vector<std::string> found_lines(const ComposeInput& input, const std::vector<Part>& parts, std::size_t entries) {
    Found found{input, entries, {}, {}, {}, {}};
    for (const Part& part : parts) {
        for (const auto fact : part.fired->facts) found.add(fact);
        found.add_rest(part);
    }
    for (const auto line : found.veiled_lines) found.lines.emplace_back(line);
    return found.lines;
}

}  // namespace proctor::hooks
