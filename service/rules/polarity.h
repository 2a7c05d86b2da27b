// What an Observation answers: yes, no, or neither. An unknown or missing answer is neither. It knows answers, not
// findings: the caller has matched Observation.code.
#pragma once

#include <optional>
#include <string_view>

#include "fhir/record.h"
#include "rules/find_codes.h"
#include "rules/words.h"

namespace proctor::rules {

class AnswerReader {
public:
    explicit AnswerReader(const Content& content);  // refers to content

    // Of an Observation whose code is the finding itself.
    [[nodiscard]] std::optional<bool> polarity(const fhir::Record& record, const fhir::Observation& observation) const;
    // Of a test: a positive value, interpretation or text.
    [[nodiscard]] bool positive(const fhir::Record& record, const fhir::Observation& observation) const;
    // A coded negative value or interpretation.
    [[nodiscard]] bool denied(const fhir::Record& record, const fhir::Observation& observation) const;
    // Its laboratory marked it abnormal.
    [[nodiscard]] bool flagged(const fhir::Record& record, const fhir::Observation& observation) const;
    // The answer as free text: valueString or valueCodeableConcept.text.
    [[nodiscard]] static std::string_view text(const fhir::Observation& observation);

    [[nodiscard]] SetIndex generic_questions() const { return generic_questions_; }
    [[nodiscard]] SetIndex family_history() const { return family_history_; }

private:
    [[nodiscard]] bool affirmed(const fhir::Record& record, const fhir::Observation& observation) const;
    [[nodiscard]] bool interpreted(const fhir::Record& record, const fhir::Observation& observation,
                                   const std::vector<std::string>& as) const;

    const Content& content_;
    SetIndex present_, absent_, unknown_, severities_, generic_questions_, family_history_;
    Words present_words_, absent_words_, unknown_words_;
};

}  // namespace proctor::rules
