// Conditions: which are active, and which findings each of them says.
#include "rules/find.h"

namespace proctor::rules {

using fhir::ClinicalStatus;
using fhir::Coding;

namespace {

ConditionState state_of(Look& look, const fhir::Condition& condition) {
    ConditionState state;
    auto onset = condition.onset;
    const auto& recorded = condition.recorded;
    // It did not begin after it was recorded: an onset that is a month or a year goes no further.
    if (onset && recorded && onset->earliest <= recorded->latest)
        onset->latest = std::min(onset->latest, recorded->latest);
    for (const auto& date : {onset, recorded}) {
        if (!date) continue;
        state.asserted = std::max(state.asserted.value_or(date->latest), date->latest);
        state.said = std::max(state.said.value_or(date->earliest), date->earliest);
    }
    // The reason of an encounter without a start is taken as said now: it can not be older than the care it is the
    // reason for.
    if (!state.asserted && look.record.resources[condition.resource].type == fhir::ResourceType::encounter)
        state.asserted = state.said = look.now;
    state.refuted = takes_back(condition.verification);
    if (state.refuted) return state;
    if (condition.onset && condition.onset->earliest > look.now + k_clock_skew) {
        look.issues.push_back({IssueKind::future, condition.resource, {}});
        return state;
    }
    switch (condition.clinical) {
        case ClinicalStatus::none: state.active = !condition.abated; break;
        case ClinicalStatus::active:
        case ClinicalStatus::recurrence:
        case ClinicalStatus::relapse:
            // FHIR R4 con-4: an active Condition has no abatement. Which of the two is wrong can not be known.
            if (condition.abated) look.issues.push_back({IssueKind::abatement, condition.resource, {}});
            state.active = !condition.abated;
            break;
        case ClinicalStatus::other: state.unclear = !condition.abated; break;
        case ClinicalStatus::inactive:
        case ClinicalStatus::remission:
        case ClinicalStatus::resolved: break;
    }
    return state;
}

bool ends_in(std::string_view code, const std::string& endings) {
    return endings.empty() || (!code.empty() && endings.find(code.back()) != std::string::npos);
}

bool is_title(std::string_view text, const std::vector<std::string>& titles) {
    return std::any_of(titles.begin(), titles.end(), [&](const std::string& title) { return same_title(text, title); });
}

// The findings of one Condition, each pushed once.
class Sayings {
public:
    Sayings(Look& look, std::uint32_t index)
        : look_(look),
          plan_(look.plan),
          codes_(look.plan.content.codes),
          index_(index),
          condition_(look.record.conditions[index]),
          codings_(look.record.in(condition_.code)),
          text_(condition_.code.text) {}

    void read() {
        for (const Coding& coding : codings_) {
            for (const std::uint32_t row : codes_.rows(coding.id)) by_row(coding, codes_.row(row));
            by_settled_code(coding, coding.code);
        }
        if (!text_.empty() && !coded(codes_, codings_)) by_words();
    }

private:
    void by_row(const Coding& coding, const fhir::CodeEntry& row) {
        if (row.use == fhir::CodeUse::context) return;
        for (const SettlingRef ref : plan_.settlings_of_set[row.value_set]) {
            if (settles(ref, coding.code, {})) say(ref.finding);
        }
        if (row.prefix && row.code != coding.code) by_settled_code(coding, row.code);
        if (row.use != fhir::CodeUse::finding || row.strength != fhir::CodeStrength::strong) return;
        for (const FindingIndex finding : plan_.findings_of_set[row.value_set]) {
            if (ends_in(coding.code, plan_.content.findings[finding].codeEndings)) say(finding);
        }
    }

    // A weak code is settled under its own code, or under that of the family it belongs to.
    void by_settled_code(const Coding& coding, std::string_view code) {
        const auto found = plan_.settlings_of_code.find(code);
        if (found == plan_.settlings_of_code.end()) return;
        for (const SettlingRef ref : found->second) {
            if (settling(ref).settling->system == coding.system &&
                settles(ref, coding.code, display_in(ref.finding, coding)))
                say(ref.finding);
        }
    }

    void by_words() {
        if (!plan_.words.in(text_)) return;
        for (const FindingIndex finding : plan_.findings_with_words) {
            const FindingPlan& plan = plan_.findings[finding];
            if (plan_.clauses.says(text_, plan.words, plan.not_about)) say(finding);
        }
    }

    [[nodiscard]] const SettlingPlan& settling(SettlingRef ref) const {
        return plan_.findings[ref.finding].settled_by[ref.settling];
    }

    [[nodiscard]] bool settles(SettlingRef ref, std::string_view code, std::string_view display) const {
        const SettlingPlan& by = settling(ref);
        if (!ends_in(code, plan_.content.findings[ref.finding].codeEndings)) return false;
        const bool title = is_title(text_, by.settling->titles);
        if (by.settling->titleOnly) return title;
        if (by.settling->alone) return true;
        if (title || text_.empty() || (!display.empty() && same_title(text_, display))) return false;
        return plan_.clauses.says(text_, by.words, Words());  // the code has said which organ it is about
    }

    // The display of the coding's row in the finding's own value set.
    [[nodiscard]] std::string_view display_in(FindingIndex finding, const Coding& coding) const {
        for (const std::uint32_t row : codes_.rows(coding.id)) {
            if (codes_.row(row).value_set == plan_.findings[finding].set) return codes_.row(row).display;
        }
        return {};
    }

    void say(FindingIndex finding) {
        auto& said = look_.chart.conditions[finding];
        if (said.empty() || said.back() != index_) said.push_back(index_);
    }

    Look& look_;
    const Plan& plan_;
    const fhir::CodeTable& codes_;
    std::uint32_t index_;
    const fhir::Condition& condition_;
    std::span<const Coding> codings_;
    std::string_view text_;
};

}  // namespace

void index_conditions(Look& look) {
    look.chart.conditions.resize(look.plan.findings.size());
    look.chart.condition_states.reserve(look.record.conditions.size());
    for (std::uint32_t i = 0; i < look.record.conditions.size(); ++i) {
        look.chart.condition_states.push_back(state_of(look, look.record.conditions[i]));
        const bool elsewhere = look.record.resources[look.record.conditions[i].resource].draft && !look.writing;
        if (!look.chart.condition_states.back().refuted && !elsewhere) Sayings(look, i).read();
    }
}

std::vector<std::uint32_t> active_conditions(Look& look, FindingIndex finding, std::optional<Duration> within,
                                             bool report) {
    std::vector<std::uint32_t> active;
    const std::string_view subject = look.plan.content.findings[finding].id;
    for (const std::uint32_t i : look.chart.conditions[finding]) {
        const ConditionState& state = look.chart.condition_states[i];
        const bool stale = within && state.asserted && !look.within(*state.asserted, *within);
        if (report && state.unclear && !stale)
            look.issues.push_back({IssueKind::status, look.resource_of_condition(i), subject});
        if (!state.active) continue;
        const bool undated = within && !state.asserted;
        if (report && stale) look.issues.push_back({IssueKind::stale, look.resource_of_condition(i), subject});
        if (report && undated) look.issues.push_back({IssueKind::undated, look.resource_of_condition(i), subject});
        if (!stale && !(undated && *within == k_encounter)) active.push_back(i);
    }
    return active;
}

}  // namespace proctor::rules
