// facts.json, and the facts of one rule. The member that names the kind decides how the rest is read.
#include <utility>

#include "rules/parse.h"

namespace proctor::rules {
namespace {

using Names = std::vector<std::string>;

Names findings_at(const Reader& at, const Content& content) {
    return each(at, [&](const Reader& item) { return known_finding(item, content); });
}

Names value_sets_at(const Reader& at, const Content& content) {
    return each(at, [&](const Reader& item) { return known_value_set(item, content); });
}

FactBody read_finding_fact(const Reader& at, const Content& content) {
    FindingFact fact;
    fact.findings = findings_at(at["finding"], content);
    const std::string from = at["from"].text();
    fact.conditions = from != "Observation";
    fact.observations = from != "Condition";
    fact.conditionWithin = at["conditionWithin"].optional_window();
    fact.observationWithin = at["observationWithin"].optional_window().value_or(content.answers.observationWithin);
    fact.newerNoCancels = at["newerNo"].text() == "cancels";
    fact.confirmed = at["confirmed"].flag(false);
    if (at["repeated"]) fact.repeated = Repeated{at["repeated"]["apart"].duration()};
    fact.quiet = at["quiet"].flag(false);
    fact.draftsWhenWriting = at["whenWriting"].text() == "drafts";
    return fact;
}

FactBody read_quantity_fact(const Reader& at, const Content& content) {
    QuantityFact fact;
    fact.quantity = known_quantity(at["quantity"], content);
    fact.within = at["within"].window();
    fact.highest = at["of"].text() == "highest";
    if (at["straddles"]) fact.straddles = at["straddles"].number();
    return fact;
}

FactBody read_ratio_fact(const Reader& at, const Content& content) {
    const auto pair = at["ratio"].items();
    if (pair.size() != 2) return RatioFact{};
    return RatioFact{known_quantity(pair[0], content), known_quantity(pair[1], content), at["paired"].duration(),
                     at["within"].duration()};
}

FactBody read_score_fact(const Reader& at, const Content& content) {
    return ScoreFact{known(at["score"], "score", content.scores), at["within"].duration()};
}

FactBody read_positive_fact(const Reader& at, const Content& content) {
    return PositiveFact{known_value_set(at["positive"], content), at["within"].window()};
}

FactBody read_flagged_fact(const Reader& at, const Content& content) {
    return FlaggedFact{value_sets_at(at["flagged"], content), at["within"].duration()};
}

FactBody read_tested_fact(const Reader& at, const Content& content) {
    return TestedFact{known_value_set(at["tested"], content), at["resultedWithin"].duration(),
                      at["orderedWithin"].duration()};
}

FactBody read_medication_fact(const Reader& at, const Content& content) {
    return MedicationFact{value_sets_at(at["medication"], content), at["within"].optional_duration(),
                          at["drafts"].flag(true), at["whenWriting"].text() == "drafts"};
}

FactBody read_medication_text_fact(const Reader& at, const Content&) {
    return MedicationTextFact{at["medicationText"].patterns()};
}

FactBody read_ordered_fact(const Reader& at, const Content& content) {
    return OrderedFact{known_value_set(at["ordered"], content), at["orderedWithin"].duration()};
}

FactBody read_performed_fact(const Reader& at, const Content& content) {
    return PerformedFact{known_value_set(at["performed"], content), at["within"].optional_duration()};
}

FactBody read_arranged_fact(const Reader& at, const Content& content) {
    return ArrangedFact{value_sets_at(at["arranged"], content), at["within"].window()};
}

FactBody read_duration_fact(const Reader& at, const Content& content) {
    return DurationFact{known_finding(at["duration"], content), at["conditionWithin"].optional_duration(),
                        at["gap"].duration()};
}

FactBody read_recurrence_fact(const Reader& at, const Content& content) {
    return RecurrenceFact{findings_at(at["recurs"], content), at["apart"].duration(), at["within"].duration(),
                          at["clear"].duration()};
}

FactBody read_severity_fact(const Reader& at, const Content& content) {
    return SeverityFact{known_finding(at["severe"], content), known_value_set(at["valueSet"], content),
                        at["conditionWithin"].optional_window(), at["observationWithin"].window()};
}

FactBody read_rating_fact(const Reader& at, const Content& content) {
    return RatingFact{known(at["rating"], "rating", content.ratings), at["site"].text() == "stated",
                      at["within"].window()};
}

FactBody read_patient_fact(const Reader& at, const Content&) {
    if (at["patient"].text() == "age") {
        if (!at["assume"]) at.fail("\"age\" needs \"assume\", the years to go by when no birth date is known");
        return AgeFact{at["assume"].number()};
    }
    if (!at["is"]) at.fail("\"gender\" needs \"is\"");
    const std::string is = at["is"].text();
    return GenderFact{is == "male"     ? fhir::Gender::male
                      : is == "female" ? fhir::Gender::female
                      : is == "other"  ? fhir::Gender::other
                                       : fhir::Gender::unknown};
}

FactBody read_quality_fact(const Reader& at, const Content& content) {
    QualityFact fact{at["quality"].texts(), findings_at(at["findings"], content)};
    for (const Reader& item : at["quantities"].items()) fact.about.push_back(known_quantity(item, content));
    return fact;
}

using ReadBody = FactBody (*)(const Reader&, const Content&);
constexpr std::pair<std::string_view, ReadBody> k_kinds[] = {{"finding", read_finding_fact},
                                                             {"quantity", read_quantity_fact},
                                                             {"ratio", read_ratio_fact},
                                                             {"score", read_score_fact},
                                                             {"positive", read_positive_fact},
                                                             {"flagged", read_flagged_fact},
                                                             {"tested", read_tested_fact},
                                                             {"medication", read_medication_fact},
                                                             {"medicationText", read_medication_text_fact},
                                                             {"ordered", read_ordered_fact},
                                                             {"performed", read_performed_fact},
                                                             {"arranged", read_arranged_fact},
                                                             {"duration", read_duration_fact},
                                                             {"recurs", read_recurrence_fact},
                                                             {"severe", read_severity_fact},
                                                             {"rating", read_rating_fact},
                                                             {"patient", read_patient_fact},
                                                             {"quality", read_quality_fact}};

void check_fact_name(const std::string& name, const Reader& at, const Content& content) {
    if (!is_name(name)) at.fail("names are lower-case-with-hyphens");
    if (name == "all" || name == "any" || name == "not") at.fail("\"" + name + "\" is a word of the language");
    for (const Fact& fact : content.facts) {
        if (fact.name == name) at.fail("a shared fact has this name already");
    }
    for (const Condition& condition : content.conditions) {
        if (condition.name == name) at.fail("a condition has this name already");
    }
}

}  // namespace

std::vector<Fact> read_fact_list(const Reader& at, const Content& content) {
    std::vector<Fact> facts;
    for (const auto& [name, value] : at.members()) {
        check_fact_name(name, value, content);
        for (const auto& [kind, read] : k_kinds) {
            if (value[kind]) {
                facts.push_back({name, value["title"].text(), read(value, content)});
                break;
            }
        }
    }
    return facts;
}

void read_facts(const Reader& at, Content& content) { content.facts = read_fact_list(at, content); }

}  // namespace proctor::rules
