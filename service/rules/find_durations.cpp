// Since when: days from the certain minimum to the possible maximum, and age.
#include "fhir/age.h"
#include "rules/find.h"

namespace proctor::rules {

namespace {

using std::chrono::hours;
constexpr Duration k_day = hours(24);
constexpr Micro k_one = 1'000'000;

Micro in_days(Duration duration) { return fhir::scale(duration.count(), k_one, k_day.count()).value_or(0); }

// The longest certain minimum and the longest possible maximum of everything that says the finding.
struct Lasting {
    std::optional<Duration> minimum, maximum;
    bool unbounded = false;
    void add(Duration low, std::optional<Duration> high) {
        minimum = std::max({minimum.value_or(low), low, Duration::zero()});
        if (high) maximum = std::max({maximum.value_or(*high), *high, Duration::zero()});
        unbounded = unbounded || !high;
    }
};

// A Condition can not have begun after it was recorded; its recording says nothing about how early it began.
void add_condition(const Look& look, const fhir::Condition& condition, Lasting& lasting) {
    Duration low = Duration::zero();
    if (condition.onset) low = look.now - condition.onset->latest;
    if (condition.recorded) low = std::max(low, look.now - condition.recorded->latest);
    lasting.add(low, condition.onset ? std::optional<Duration>(look.now - condition.onset->earliest) : std::nullopt);
}

// The last unbroken chain of positive answers, while it is fresh.
std::vector<const Answered*> positive_chain(const Look& look, FindingIndex finding, Duration gap) {
    std::vector<const Answered*> chain;
    for (const Answered& answer : look.chart.answers[finding]) {
        if (!answer.yes || (!chain.empty() && answer.time - chain.back()->time > gap)) chain.clear();
        if (answer.yes) chain.push_back(&answer);
    }
    if (!chain.empty() && !look.within(chain.back()->time, gap)) chain.clear();
    return chain;
}

}  // namespace

void find(Look& look, const DurationFact& fact, const FactPlan& plan, FactResult& result) {
    const FindingIndex finding = plan.findings[0];
    Lasting lasting;
    for (const std::uint32_t i : active_conditions(look, finding, fact.conditionWithin, false)) {
        add_condition(look, look.record.conditions[i], lasting);
        result.evidence.push_back(look.resource_of_condition(i));
    }
    const auto chain = positive_chain(look, finding, fact.gap);
    if (!chain.empty()) lasting.add(chain.back()->time - chain.front()->time, look.now - chain.front()->time);
    for (const Answered* answer : chain) result.evidence.push_back(look.resource_of_observation(answer->observation));

    const bool all_supplied = findings_complete(look, plan);
    // With sources missing it may have lasted longer: the range is certain from below only, and its truth says so.
    result.truth = lasting.minimum && all_supplied ? Truth::yes : not_found(all_supplied);
    if (!lasting.minimum) return;
    result.value = fhir::Range{in_days(*lasting.minimum), std::nullopt};
    if (!lasting.unbounded) result.value->high = in_days(*lasting.maximum);
}

void find(Look& look, const AgeFact& fact, const FactPlan&, FactResult& result) {
    result.truth = Truth::yes;
    const fhir::Patient& patient = look.record.patient;
    const auto day = [&](Instant instant) { return patient.zone.day_of(instant); };
    // Of a birth known by its year or month only, the first day counts.
    const Micro years = patient.birth ? fhir::age_on(day(look.now), day(patient.birth->earliest)) : fact.assume;
    result.value = fhir::Range{years, years};
}

void find(Look& look, const GenderFact& fact, const FactPlan&, FactResult& result) {
    const bool is = look.record.patient.gender == fact.is;
    result.truth = is ? Truth::yes : not_found(complete(look.record, fhir::Source::patient));
}

}  // namespace proctor::rules
