// Inside of facts.h: what is prepared once per content (Plan), what is indexed once per record (Chart), and one
// function for each kind of fact. Every resource is visited once, bucketed by the value sets its codes stand in; facts
// then read only their buckets.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/facts.h"
#include "rules/find_codes.h"
#include "rules/polarity.h"
#include "rules/site.h"
#include "rules/units.h"
#include "rules/words.h"

namespace proctor::rules {

using fhir::Instant;
using FindingIndex = std::uint16_t;
using QuantityIndex = std::uint16_t;

// Clocks differ a little: a time just ahead of ours is none of the future.
inline constexpr Duration k_clock_skew = std::chrono::minutes(5);

// A set of fhir::Source.
using Sources = std::uint32_t;
[[nodiscard]] constexpr Sources only(fhir::Source source) { return Sources{1} << static_cast<unsigned>(source); }

// ---- once per content ----------------------------------------------------------------------------------------------

struct SettlingPlan {
    const Settling* settling = nullptr;
    Words words;
};
struct FindingPlan {
    SetIndex set = k_no_set;
    Words words, not_about;
    std::vector<SettlingPlan> settled_by;
    Sources sources = 0;  // Observation searches
};
struct SettlingRef {
    FindingIndex finding = 0;
    std::uint16_t settling = 0;
};
struct QuantityPlan {
    QuantityKind kind;  // with the site's factor
    std::vector<SetIndex> sets;
};
struct RatingPlan {
    SetIndex questions = k_no_set, severe = k_no_set, sites = k_no_set;
    Words site_words, not_site_words, severe_words;
};
// The names in one fact, as indices, in the order of the fact's members.
struct FactPlan {
    std::vector<FindingIndex> findings;
    std::vector<SetIndex> sets;
    std::vector<QuantityIndex> quantities;
    std::uint16_t table = 0;  // score or rating
    Sources observed = 0;     // where its findings' Observations come from
    Words words;
};

struct Plan {
    Plan(const Content& of, const SiteChoices& site);

    const Content& content;
    Clauses clauses;
    AnswerReader answers;
    Words not_systemic;
    std::vector<FindingPlan> findings;
    std::vector<std::vector<FindingIndex>> findings_of_set;  // by SetIndex
    std::vector<FindingIndex> findings_with_words;
    Words words;  // of all findings: most texts have none of them
    std::map<std::string, std::vector<SettlingRef>, std::less<>> settlings_of_code;
    std::vector<std::vector<SettlingRef>> settlings_of_set;  // by SetIndex
    std::vector<QuantityPlan> quantities;
    std::vector<RatingPlan> ratings;
    std::vector<Words> ingredients;  // by SetIndex: names of the strong RxNorm rows
    std::vector<FactPlan> facts;     // by FactIndex
    // Which of them are looked up, and when: what could not be used is known once all else has been. Not those whose
    // findings are all ones that the site does not use.
    std::vector<FactIndex> in_the_record, in_the_issues;
};

// ---- once per record -----------------------------------------------------------------------------------------------

// A resource with a code of some value set, by its index in its table of the record.
struct Hit {
    std::uint32_t item = 0;
    bool question = false, finding = false;  // uses of the rows that matched
    bool strong_medication = false, other = false;
};
using Buckets = std::vector<std::vector<Hit>>;  // by SetIndex, in record order

// What an Observation answers to a finding.
struct Answered {
    std::uint32_t observation = 0;
    std::uint32_t question = 0;  // same codes, same number
    Instant time{};
    bool yes = false;
};

struct ConditionState {
    bool refuted = false;  // or entered in error
    bool active = false;
    bool unclear = false;             // its clinical status is no word of FHIR's
    std::optional<Instant> asserted;  // the later of onset and recording, latest ends
    std::optional<Instant> said;      // the same, earliest ends: a month alone sets no two assertions apart
};

struct Chart {
    Buckets observations, procedures, service_requests, medications;
    std::vector<ConditionState> condition_states;        // by condition
    std::vector<std::vector<std::uint32_t>> conditions;  // by FindingIndex; not refuted
    std::vector<std::vector<Answered>> answers;          // by FindingIndex, oldest first, yes after no at the same time
    std::uint32_t questions = 0;                         // Answered::question is below this
};

// One look-up in progress. A fact function reads the chart and may add issues.
struct Look {
    const Plan& plan;
    const fhir::Record& record;
    Instant now;
    bool writing = false;        // the hook is about something that is being written
    Duration since_encounter{};  // what k_encounter stands for
    Sources incomplete = 0;
    bool conditions_complete = false;
    Chart chart;
    std::vector<Issue> issues;

    [[nodiscard]] Duration window(Duration of) const { return of == k_encounter ? since_encounter : of; }
    [[nodiscard]] bool within(Instant time, Duration of) const { return now - time <= window(of); }
    // A fact that looks at drafts alone when something is being written passes over the rest of the chart.
    [[nodiscard]] bool passes_over(fhir::ResourceIndex resource, bool draftsWhenWriting) const {
        return writing && draftsWhenWriting && !record.resources[resource].selected;
    }
    [[nodiscard]] fhir::ResourceIndex resource_of_condition(std::uint32_t i) const {
        return record.conditions[i].resource;
    }
    [[nodiscard]] fhir::ResourceIndex resource_of_observation(std::uint32_t i) const {
        return record.observations[i].resource;
    }
};

// Fills look.chart from the record; reports future dates and contradictory Conditions.
void index_record(Look& look);
void index_conditions(Look& look);
void index_observations(Look& look);

// ---- supply --------------------------------------------------------------------------------------------------------

// no only where everything needed was supplied in full.
[[nodiscard]] inline Truth not_found(bool complete) { return complete ? Truth::no : Truth::unknown; }
// Of a fact that is there when something says so.
inline void conclude(FactResult& result, bool complete) {
    result.truth = result.evidence.empty() ? not_found(complete) : Truth::yes;
}
[[nodiscard]] bool complete(const fhir::Record& record, fhir::Source source);
// Of a fact about findings: where it looks for them.
[[nodiscard]] inline bool findings_complete(const Look& look, const FactPlan& plan, bool in_conditions = true,
                                            bool in_observations = true) {
    return (!in_conditions || look.conditions_complete) && (!in_observations || (plan.observed & look.incomplete) == 0);
}
[[nodiscard]] bool medications_complete(const fhir::Record& record);
[[nodiscard]] bool drafts_complete(const fhir::Record& record);

// ---- one function a kind of fact -----------------------------------------------------------------------------------
// `result` comes as made: no, without evidence.

void find(Look& look, const FindingFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const QuantityFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const RatioFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const ScoreFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const PositiveFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const FlaggedFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const TestedFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const MedicationFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const MedicationTextFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const OrderedFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const PerformedFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const ArrangedFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const DurationFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const RecurrenceFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const SeverityFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const RatingFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const AgeFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const GenderFact& fact, const FactPlan& plan, FactResult& result);
void find(Look& look, const QualityFact& fact, const FactPlan& plan, FactResult& result);

// ---- shared by them ------------------------------------------------------------------------------------------------

// Active Conditions that say the finding and were asserted within (undated ones count, but not as of an encounter).
// `report`: note stale and undated ones.
[[nodiscard]] std::vector<std::uint32_t> active_conditions(Look& look, FindingIndex finding,
                                                           std::optional<Duration> within, bool report);

}  // namespace proctor::rules
