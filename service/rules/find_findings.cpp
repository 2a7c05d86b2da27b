// Facts about findings: present, severe, recurring, lasting.
#include "rules/find.h"

namespace proctor::rules {

using fhir::ClinicalStatus;
using fhir::VerificationStatus;

namespace {

void add_conditions(const Look& look, const std::vector<std::uint32_t>& conditions, FactResult& result) {
    for (const std::uint32_t i : conditions) result.evidence.push_back(look.resource_of_condition(i));
}

// The newest answer to each question within the window, where it is yes.
void add_positive_answers(const Look& look, FindingIndex finding, Duration within, FactResult& result) {
    const auto& answers = look.chart.answers[finding];
    if (answers.empty()) return;
    std::vector<bool> seen(look.chart.questions);
    for (auto answer = answers.rbegin(); answer != answers.rend() && look.within(answer->time, within); ++answer) {
        if (seen[answer->question]) continue;
        seen[answer->question] = true;
        if (answer->yes) result.evidence.push_back(look.resource_of_observation(answer->observation));
    }
}

// Those that were said before the newest answer, when that is no. One without a date may be newer.
void drop_denied(const Look& look, FindingIndex finding, std::vector<std::uint32_t>& conditions) {
    const auto& answers = look.chart.answers[finding];
    if (answers.empty() || answers.back().yes) return;
    std::erase_if(conditions, [&](std::uint32_t i) {
        const auto& asserted = look.chart.condition_states[i].asserted;
        return asserted && *asserted <= answers.back().time;
    });
}

// Those that somebody thinks of and nobody has said to be there.
void drop_suspected(const Look& look, std::vector<std::uint32_t>& conditions) {
    std::erase_if(conditions, [&](std::uint32_t i) {
        const VerificationStatus status = look.record.conditions[i].verification;
        return status == VerificationStatus::unconfirmed || status == VerificationStatus::provisional ||
               status == VerificationStatus::differential;
    });
}

// First and last assertion of any of the findings: active Conditions and every positive answer within the window.
struct Asserted {
    std::optional<Instant> first, last;
    void add(Instant time) {
        first = std::min(first.value_or(time), time);
        last = std::max(last.value_or(time), time);
    }
};

void add_assertions(const Look& look, const FindingFact& fact, FindingIndex finding, Asserted& asserted) {
    if (!fact.observations) return;
    for (const Answered& answer : look.chart.answers[finding]) {
        if (answer.yes && look.within(answer.time, fact.observationWithin)) asserted.add(answer.time);
    }
}

void add_repeated(Look& look, const FindingFact& fact, const FactPlan& plan, FactResult& result) {
    Asserted asserted;
    bool found = !fact.conditions;
    for (const FindingIndex finding : plan.findings) {
        if (fact.conditions) {
            const auto conditions = active_conditions(look, finding, fact.conditionWithin, !fact.quiet);
            found = found || !conditions.empty();
            for (const std::uint32_t i : conditions) {
                if (const auto time = look.chart.condition_states[i].said) asserted.add(*time);
            }
            add_conditions(look, conditions, result);
        }
        add_assertions(look, fact, finding, asserted);
        if (fact.observations) add_positive_answers(look, finding, fact.observationWithin, result);
    }
    const bool yes = found && asserted.first && *asserted.last - *asserted.first >= fact.repeated->apart;
    if (!yes) result.evidence.clear();
}

void add_present(Look& look, const FindingFact& fact, const FactPlan& plan, FactResult& result) {
    for (const FindingIndex finding : plan.findings) {
        if (fact.conditions && !look.chart.conditions[finding].empty()) {
            auto conditions = active_conditions(look, finding, fact.conditionWithin, !fact.quiet);
            if (fact.newerNoCancels) drop_denied(look, finding, conditions);
            if (fact.confirmed) drop_suspected(look, conditions);
            add_conditions(look, conditions, result);
        }
        if (fact.observations) add_positive_answers(look, finding, fact.observationWithin, result);
    }
}

// The Conditions among what is being written.
void find_written(Look& look, const FactPlan& plan, FactResult& result) {
    for (const FindingIndex finding : plan.findings) {
        auto conditions = active_conditions(look, finding, std::nullopt, false);
        std::erase_if(conditions, [&](auto i) { return look.passes_over(look.resource_of_condition(i), true); });
        add_conditions(look, conditions, result);
    }
    conclude(result, drafts_complete(look.record));
}

}  // namespace

void find(Look& look, const FindingFact& fact, const FactPlan& plan, FactResult& result) {
    if (look.writing && fact.draftsWhenWriting) return find_written(look, plan, result);
    fact.repeated ? add_repeated(look, fact, plan, result) : add_present(look, fact, plan, result);
    conclude(result, findings_complete(look, plan, fact.conditions, fact.observations));
}

void find(Look& look, const SeverityFact& fact, const FactPlan& plan, FactResult& result) {
    const fhir::CodeTable& codes = look.plan.content.codes;
    for (const std::uint32_t i : active_conditions(look, plan.findings[0], fact.conditionWithin, false)) {
        const fhir::Condition& condition = look.record.conditions[i];
        if (stands_in(codes, look.record.in(condition.severity), plan.sets[0]))
            result.evidence.push_back(condition.resource);
    }
    const SetIndex set = look.plan.findings[plan.findings[0]].set;
    if (set != k_no_set) {
        for (const Hit& hit : look.chart.observations[set]) {
            const fhir::Observation& observation = look.record.observations[hit.item];
            const bool severe = hit.finding && observation.kind == fhir::ValueKind::concept_ &&
                                look.within(observation.time->earliest, fact.observationWithin) &&
                                stands_in(codes, look.record.in(observation.value), plan.sets[0]);
            if (severe) result.evidence.push_back(observation.resource);
        }
    }
    conclude(result, findings_complete(look, plan));
}

namespace {

// The active Condition that began last.
struct Episode {
    std::uint32_t condition = 0;
    Instant began{};
};
std::optional<Episode> newest_episode(const Look& look, FindingIndex finding) {
    std::optional<Episode> newest;
    for (const std::uint32_t i : look.chart.conditions[finding]) {
        const fhir::Condition& condition = look.record.conditions[i];
        const ConditionState& state = look.chart.condition_states[i];
        const auto stated = condition.onset ? condition.onset : condition.recorded;
        const std::optional<Instant> began = stated ? stated->earliest : state.asserted;
        const bool newer = state.active && began && (!newest || *began > newest->began);
        if (newer) newest = Episode{i, *began};
    }
    return newest;
}

// Two episodes: one that ended, and an active one that began long enough after that end.
void add_episodes(const Look& look, const RecurrenceFact& fact, FindingIndex finding, FactResult& result) {
    const auto newest = newest_episode(look, finding);
    if (!newest) return;
    for (const std::uint32_t ended : look.chart.conditions[finding]) {
        const auto& abatement = look.record.conditions[ended].abatement;
        if (look.chart.condition_states[ended].active || !abatement || !look.within(abatement->latest, fact.within))
            continue;
        if (newest->began - abatement->latest < fact.apart) continue;
        result.evidence.push_back(look.resource_of_condition(ended));
        result.evidence.push_back(look.resource_of_condition(newest->condition));
    }
}

// Yes, then no, then yes again after a clear time.
void add_yes_no_yes(const Look& look, const RecurrenceFact& fact, FindingIndex finding, FactResult& result) {
    const auto& answers = look.chart.answers[finding];
    const auto last_yes =
        std::find_if(answers.rbegin(), answers.rend(), [](const Answered& answer) { return answer.yes; });
    if (last_yes == answers.rend()) return;
    for (std::size_t i = 1; i + 1 < answers.size(); ++i) {
        const Answered& before = answers[i - 1];
        const Answered& no = answers[i];
        if (!before.yes || no.yes || last_yes->time - no.time < fact.clear || !look.within(before.time, fact.within))
            continue;
        for (const Answered* answer : {&before, &no, &*last_yes})
            result.evidence.push_back(look.resource_of_observation(answer->observation));
        return;
    }
}

}  // namespace

void find(Look& look, const RecurrenceFact& fact, const FactPlan& plan, FactResult& result) {
    for (const FindingIndex finding : plan.findings) {
        for (const std::uint32_t i : active_conditions(look, finding, std::nullopt, false)) {
            const ClinicalStatus status = look.record.conditions[i].clinical;
            const bool marked = status == ClinicalStatus::recurrence || status == ClinicalStatus::relapse;
            if (marked) result.evidence.push_back(look.resource_of_condition(i));
        }
        add_episodes(look, fact, finding, result);
        add_yes_no_yes(look, fact, finding, result);
    }
    conclude(result, findings_complete(look, plan));
}

}  // namespace proctor::rules
