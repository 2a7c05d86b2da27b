#include "rules/check.h"

#include <algorithm>

#include "rules/case_run.h"

namespace proctor::rules {
namespace {

class Checker {
public:
    Checker(const Content& content, const FactLookup& lookup)
        : content_(content), lookup_(lookup), coverage_(content, lookup) {}

    CheckReport check() {
        report_.coverage.resize(content_.rules.size());
        for (std::uint32_t i = 0; i < content_.rules.size(); ++i) {
            // A retired rule is not compiled, so its cases have nothing to run.
            if (content_.rules[i].rule.status != RuleStatus::retired) check_rule(i);
        }
        report_.gaps = coverage_.gaps();
        warn_of_idle_codes();
        return std::move(report_);
    }

private:
    void check_rule(std::uint32_t index) {
        const LoadedRule& rule = content_.rules[index];
        for (const Case& example : rule.cases) {
            const std::string where = "rules/" + rule.rule.id + "/cases.json#/" + std::to_string(example.item);
            ++report_.cases;
            const auto patient = read_patient(content_, example);
            if (!patient) {
                report_.errors.push_back({example.title + ": " + patient.error().message, where});
                continue;
            }
            const Outcome outcome = run_case(content_, lookup_, *patient, example);
            const auto refuse = [&](const std::vector<Error>& errors) {
                for (const Error& error : errors) {
                    report_.errors.push_back({example.title + ": " + error.message, where + error.where});
                }
            };
            refuse(disagreements(rule.rule, example, answer_of(outcome, index)));
            refuse(ordered_disagreements(content_, rule.rule, example, *patient));
            coverage_.note(index, example, outcome);
        }
        for (std::uint32_t i = 0; i < rule.rule.decide.size(); ++i) {
            if (coverage_.fires(index, i)) continue;
            report_.errors.push_back({"no case fires row \"" + rule.rule.decide[i].id + "\"",
                                      "rules/" + rule.rule.id + "/rule.json#/decide/" + std::to_string(i)});
        }
        report_.coverage[index] = coverage_.of(index);
    }

    // A weak row that no finding settles never counts: harmless, but its author meant something by it.
    void warn_of_idle_codes() {
        for (const fhir::CodeEntry& row : content_.codes.all()) {
            const std::string& set = content_.valueSets[row.value_set].id;
            const bool weak = row.strength == fhir::CodeStrength::weak && row.use == fhir::CodeUse::finding;
            if (!weak || set.starts_with("settles/") || is_settled(row)) continue;
            report_.warnings.push_back("valuesets/" + set + ".json: the weak code " + row.code +
                                       " is settled by no finding and never counts");
        }
    }

    [[nodiscard]] bool is_settled(const fhir::CodeEntry& row) const {
        const auto settles = [&](const Settling& by) {
            return by.valueSet.empty() ? by.system == row.system && covers(row, by.code) : stands_in(row, by.valueSet);
        };
        return std::any_of(content_.findings.begin(), content_.findings.end(), [&](const Finding& finding) {
            return std::any_of(finding.settledBy.begin(), finding.settledBy.end(), settles);
        });
    }

    static bool covers(const fhir::CodeEntry& row, const std::string& code) {
        return row.prefix ? code.starts_with(row.code) : code == row.code;
    }

    [[nodiscard]] bool stands_in(const fhir::CodeEntry& row, const std::string& set) const {
        const auto rows = content_.codes.all();
        return std::any_of(rows.begin(), rows.end(), [&](const fhir::CodeEntry& other) {
            return content_.valueSets[other.value_set].id == set && other.system == row.system &&
                   other.code == row.code;
        });
    }

    const Content& content_;
    const FactLookup& lookup_;
    Coverage coverage_;
    CheckReport report_;
};

}  // namespace

CheckReport check_content(const Content& content, const FactLookup& lookup) { return Checker(content, lookup).check(); }

}  // namespace proctor::rules
