#include "hooks/quiet.h"

#include <algorithm>

#include "hooks/date_words.h"

namespace proctor::hooks {
namespace {

bool is_on(const ComposeInput& input) { return input.history != nullptr && input.history->quiet.count() > 0; }

// The latest answer that meets the condition; answers are oldest first.
template <typename Is>
const PastAnswer* latest(const ComposeInput& input, const Is& is) {
    const auto& answers = input.history->answers;
    const auto found = std::find_if(answers.rbegin(), answers.rend(),
                                    [&](const PastAnswer& answer) { return answer.at <= input.now && is(answer); });
    return found == answers.rend() ? nullptr : &*found;
}

bool is_past(const ComposeInput& input, const PastAnswer& answer) {
    return input.now - answer.at >= input.history->quiet;
}

const rules::OverrideReason* reason_of(const ComposeInput& input, const PastAnswer& answer) {
    const auto& known = input.content.overrideReasons;
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const auto& one) { return !answer.accepted && one.code == answer.reason; });
    return found == known.end() ? nullptr : &*found;
}

}  // namespace

Judged judge(const ComposeInput& input, const MergedCard& card) {
    if (!is_on(input)) return {Verdict::off};
    const Part& lead = card.parts.front();
    if (lead.indicator == rules::Indicator::critical) return {Verdict::critical};
    if (card.evidence.empty()) return {Verdict::unknown};
    const auto same_rule = [&](const PastAnswer& answer) { return answer.rule == lead.rule().code; };
    const PastAnswer* answer = latest(input, [&](const PastAnswer& one) {
        return same_rule(one) && one.row == lead.row().id && one.evidence == card.evidence;
    });
    if (answer == nullptr) {
        answer = latest(input, same_rule);
        return {answer == nullptr ? Verdict::unanswered : Verdict::changed, answer};
    }
    if (is_past(input, *answer)) return {Verdict::past, answer};
    const auto* reason = reason_of(input, *answer);
    if (reason != nullptr && reason->next == rules::NextTime::ask_again) return {Verdict::ask_again, answer};
    return {Verdict::held, answer};
}

std::optional<Remembered> remember(const ComposeInput& input, const MergedCard& card) {
    if (!is_on(input)) return std::nullopt;
    const std::string& code = card.parts.front().rule().code;
    const PastAnswer* answer = latest(input, [&](const PastAnswer& one) { return one.rule == code; });
    if (answer == nullptr || is_past(input, *answer)) return std::nullopt;
    const auto* reason = reason_of(input, *answer);
    if (reason == nullptr || reason->note.empty()) return std::nullopt;
    return Remembered{*answer, *reason};
}

std::vector<std::string> quiet_lines(const ComposeInput& input, const std::vector<MergedCard>& quiet) {
    std::vector<std::string> lines;
    for (const MergedCard& card : quiet) {
        const fhir::Instant at = judge(input, card).answer->at;
        const rules::Rule& rule = card.parts.front().rule();
        lines.push_back(rule.title + " (" + rule.code + "), answered " + print_date({at, at}, input.settings.zone));
    }
    return lines;
}

}  // namespace proctor::hooks
