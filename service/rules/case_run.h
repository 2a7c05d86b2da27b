// One case of a rule, run: its patient read, the rules evaluated, what the rule did compared with what the case
// expects. `check`, the coverage and the mutation test of the content all run cases this way.
#pragma once

#include <optional>
#include <vector>

#include "rules/content.h"
#include "rules/evaluate.h"

namespace proctor::rules {

// The case's patient and what is being written, without the searches that did not come. Error: it is no readable FHIR.
[[nodiscard]] Result<fhir::Record> read_patient(const Content& content, const Case& example);

// All rules over the case's patient, or those of its hook, in one step or two.
[[nodiscard]] Outcome run_case(const Content& content, const FactLookup& lookup, const fhir::Record& patient,
                               const Case& example);
[[nodiscard]] Facts look_up_case(const FactLookup& lookup, const fhir::Record& patient, const Case& example);
[[nodiscard]] Outcome evaluate_case(const Content& content, Facts facts, const Case& example);

// What one rule did; rows and orders are indices into the rule.
struct CaseAnswer {
    std::optional<std::uint32_t> row;    // none: no card
    std::vector<std::uint32_t> unknown;  // rows that could not be decided
    std::vector<std::uint32_t> orders;   // whose conditions hold
    friend bool operator==(const CaseAnswer&, const CaseAnswer&) = default;
};
[[nodiscard]] CaseAnswer answer_of(const Outcome& outcome, std::uint32_t rule);

// Every way in which the answer differs from what the case expects. `where` is a JSON Pointer within the case.
[[nodiscard]] std::vector<Error> disagreements(const Rule& rule, const Case& example, const CaseAnswer& answer);
// Likewise of what is already ordered and not suggested again.
[[nodiscard]] std::vector<Error> ordered_disagreements(const Content& content, const Rule& rule, const Case& example,
                                                       const fhir::Record& patient);

}  // namespace proctor::rules
