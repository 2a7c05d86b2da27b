#include "rules/check.h"

#include <algorithm>
#include <set>

#include "fhir/read.h"
#include "rules/evaluate.h"

namespace proctor::rules {
namespace {

// What one rule did with one case.
struct Answer {
    std::string row;                       // empty: no card
    std::vector<std::string> unknownRows;  // that could not be decided
};

std::string quoted(const std::string& row) { return row.empty() ? "no card" : "row \"" + row + "\""; }

class Checker {
public:
    Checker(const Content& content, const FactLookup& lookup) : content_(content), lookup_(lookup) {}

    CheckReport check() {
        for (std::size_t i = 0; i < content_.rules.size(); ++i) {
            // A retired rule is not compiled, so its cases have nothing to run.
            if (content_.rules[i].rule.status != RuleStatus::retired) check_rule(i);
        }
        warn_of_idle_codes();
        return std::move(report_);
    }

private:
    void check_rule(std::size_t index) {
        const LoadedRule& rule = content_.rules[index];
        std::set<std::string> fired;
        for (std::size_t i = 0; i < rule.cases.size(); ++i) {
            const std::string where = "rules/" + rule.rule.id + "/cases.json#/" + std::to_string(i);
            ++report_.cases;
            const auto answer = run(rule.cases[i], index);
            if (!answer) {
                report_.errors.push_back({rule.cases[i].title + ": " + answer.error().message, where});
                continue;
            }
            compare(rule.cases[i], *answer, where);
            fired.insert(answer->row);
        }
        for (std::size_t i = 0; i < rule.rule.decide.size(); ++i) {
            const std::string& row = rule.rule.decide[i].id;
            if (fired.count(row) != 0) continue;
            report_.errors.push_back({"no case fires row \"" + row + "\"",
                                      "rules/" + rule.rule.id + "/rule.json#/decide/" + std::to_string(i)});
        }
    }

    [[nodiscard]] Result<Answer> run(const Case& example, std::size_t index) const {
        auto record = fhir::read_bundle(fhir::PaddedJson(example.bundle), {content_.codes, fhir::Zone()});
        if (!record) return record.error();
        if (record->unreadable != 0) return Error{"a resource is not shaped as FHIR R4", ""};
        for (const fhir::Source source : example.notSupplied) {
            record->supply[static_cast<std::size_t>(source)] = fhir::Supply::absent;
        }
        const Outcome outcome = evaluate(content_, lookup_.look_up(*record, example.asOf), "");
        const auto& rows = content_.rules[index].rule.decide;
        Answer answer;
        for (const Fired& fired : outcome.fired) {
            if (fired.rule == index) answer.row = rows[fired.row].id;
        }
        for (const NotChecked& open : outcome.not_checked) {
            if (open.rule == index) answer.unknownRows.push_back(rows[open.row].id);
        }
        return answer;
    }

    void compare(const Case& example, const Answer& answer, const std::string& where) {
        if (answer.row != example.row) {
            report_.errors.push_back(
                {example.title + ": expected " + quoted(example.row) + ", got " + quoted(answer.row),
                 where + "/expect"});
        }
        const auto& open = answer.unknownRows;
        const bool as_expected = example.unknownRow.empty()
                                     ? open.empty()
                                     : std::find(open.begin(), open.end(), example.unknownRow) != open.end();
        if (as_expected) return;
        const std::string message = open.empty() ? ": row \"" + example.unknownRow + "\" could be decided"
                                                 : ": row \"" + open.front() + "\" could not be decided";
        report_.errors.push_back({example.title + message, where + "/expectUnknown"});
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
    CheckReport report_;
};

}  // namespace

CheckReport check_content(const Content& content, const FactLookup& lookup) { return Checker(content, lookup).check(); }

}  // namespace proctor::rules
