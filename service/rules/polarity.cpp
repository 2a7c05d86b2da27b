#include "rules/polarity.h"

namespace proctor::rules {

using fhir::Observation;
using fhir::Record;
using fhir::ValueKind;

namespace {

// Above zero, even when the number is too large or too small for Micro.
bool above_zero(std::string_view number) {
    const std::string_view digits = number.substr(0, number.find_first_of("eE"));
    return !number.empty() && number.front() != '-' && digits.find_first_of("123456789") != std::string_view::npos;
}

bool has_number(const Observation& observation) {
    return (observation.kind == ValueKind::quantity || observation.kind == ValueKind::integer) &&
           !observation.quantity.value.empty();
}

}  // namespace

AnswerReader::AnswerReader(const Content& content)
    : content_(content),
      present_(set_named(content, content.answers.present)),
      absent_(set_named(content, content.answers.absent)),
      unknown_(set_named(content, content.answers.unknown)),
      severities_(set_named(content, content.answers.severities)),
      generic_questions_(set_named(content, content.answers.genericQuestions)),
      family_history_(set_named(content, content.answers.familyHistory)),
      present_words_(content.answers.presentWords, Place::first_word),
      absent_words_(content.answers.absentWords, Place::first_word),
      unknown_words_(content.answers.unknownWords, Place::first_word) {}

std::string_view AnswerReader::text(const Observation& observation) {
    if (observation.kind == ValueKind::string) return observation.text;
    return observation.kind == ValueKind::concept_ ? observation.value.text : std::string_view();
}

bool AnswerReader::interpreted(const Record& record, const Observation& observation,
                               const std::vector<std::string>& as) const {
    const auto codings = record.in(observation.interpretation);
    return std::any_of(codings.begin(), codings.end(), [&](const fhir::Coding& coding) {
        return std::find(as.begin(), as.end(), coding.code) != as.end();
    });
}

bool AnswerReader::denied(const Record& record, const Observation& observation) const {
    return (observation.kind == ValueKind::concept_ &&
            stands_in(content_.codes, record.in(observation.value), absent_)) ||
           interpreted(record, observation, content_.answers.absentInterpretations);
}

bool AnswerReader::affirmed(const Record& record, const Observation& observation) const {
    const auto value = record.in(observation.value);
    return (observation.kind == ValueKind::concept_ &&
            (stands_in(content_.codes, value, present_) || stands_in(content_.codes, value, severities_))) ||
           interpreted(record, observation, content_.answers.presentInterpretations);
}

std::optional<bool> AnswerReader::polarity(const Record& record, const Observation& observation) const {
    if (observation.data_absent) return std::nullopt;
    if (observation.kind == ValueKind::boolean) return observation.boolean;
    if (denied(record, observation)) return false;
    if (observation.kind == ValueKind::concept_ && stands_in(content_.codes, record.in(observation.value), unknown_))
        return std::nullopt;
    const std::string_view said = text(observation);
    if (unknown_words_.in(said)) return std::nullopt;
    if (absent_words_.in(said)) return false;
    if (present_words_.in(said) || affirmed(record, observation)) return true;
    if (has_number(observation)) return above_zero(observation.quantity.value);
    if (observation.kind == ValueKind::none && !observation.has_parts) return true;
    return std::nullopt;
}

bool AnswerReader::positive(const Record& record, const Observation& observation) const {
    const auto value = record.in(observation.value);
    const bool concept_value = observation.kind == ValueKind::concept_;
    if (concept_value && stands_in(content_.codes, value, present_)) return true;
    if (interpreted(record, observation, content_.answers.positiveInterpretations)) return true;
    if (observation.kind == ValueKind::boolean && observation.boolean) return true;
    const bool absent = concept_value && stands_in(content_.codes, value, absent_);
    return !absent && present_words_.in(text(observation));
}

bool AnswerReader::flagged(const Record& record, const Observation& observation) const {
    return interpreted(record, observation, content_.answers.flaggedInterpretations);
}

}  // namespace proctor::rules
