#include "hooks/compose.h"

#include <algorithm>

#include "base/text.h"
#include "hooks/detail.h"
#include "hooks/identity.h"
#include "hooks/merge.h"
#include "hooks/not_checked.h"
#include "hooks/quiet.h"
#include "hooks/suggestions.h"

namespace proctor::hooks {
namespace {

std::string card_uuid(const ComposeInput& input, std::string_view code, std::string_view row) {
    const std::string instance = lower(input.hookInstance);  // a UUID means the same in either case
    const Settings& settings = input.settings;
    return uuid_of({settings.client, settings.tenant, input.service, input.record.patient.id, instance,
                    input.content.revision, code, row});
}

// Its identity, and what it is of.
Card begin_card(const ComposeInput& input, std::string_view code, std::string_view row) {
    Card card;
    card.uuid = card_uuid(input, code, row);
    card.rule = code;
    card.row = row;
    return card;
}

Source source_of(const Settings& settings, const Topic& topic) {
    return {"Proctor", settings.sourceUrl,
            Coding{settings.systemBase + "/CodeSystem/topic", topic_code(topic.code), std::string(topic.title)}};
}

void add_reasons(Card& card, const ComposeInput& input, const std::vector<Part>& parts) {
    const std::string system = input.settings.systemBase + "/CodeSystem/override-reason";
    for (const Part& part : parts) {
        for (const auto& code : part.rule().overrideReasons) {
            const auto& known = input.content.overrideReasons;
            const auto reason =
                std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.code == code; });
            const bool there = std::any_of(card.overrideReasons.begin(), card.overrideReasons.end(),
                                           [&](const Coding& one) { return one.code == code; });
            if (reason == known.end() || there) continue;
            card.overrideReasons.push_back({system, reason->code, reason->display});
        }
    }
}

// Orders that were called ordered stand as if they had been suggested: neither this card nor a less urgent one repeats
// them. What other rules add to the card was not spoken of, and is suggested.
void pass_over_orders(const Card& card, const ComposeInput& input, const MergedCard& merged, Suggested& suggested) {
    const auto remembered = remember(input, merged);
    if (remembered && remembered->reason.next == rules::NextTime::without_orders)
        static_cast<void>(suggest(input, {merged.parts.front()}, card.uuid, suggested));
}

void add_suggestions(Card& card, const ComposeInput& input, const MergedCard& merged, Suggested& suggested) {
    pass_over_orders(card, input, merged, suggested);
    for (auto& suggestion : suggest(input, merged.parts, card.uuid, suggested))
        card.suggestions.push_back(std::move(suggestion));
    if (!card.suggestions.empty()) card.selectionBehavior = "any";
}

Card begin_card(const ComposeInput& input, const MergedCard& merged) {
    const Part& lead = merged.parts.front();
    Card card = begin_card(input, lead.rule().code, lead.row().id);
    card.version = lead.rule().version;
    card.evidence = merged.evidence;
    card.indicator = lead.indicator;
    return card;
}

Card quiet_card(const ComposeInput& input, const MergedCard& merged) {
    Card card = begin_card(input, merged);
    const Judged judged = judge(input, merged);
    card.held = Held{*judged.answer, judged.until(*input.history)};
    return card;
}

Card card_of(const ComposeInput& input, const MergedCard& merged, const std::vector<MergedCard>& quiet,
             Suggested& suggested) {
    const Part& lead = merged.parts.front();
    Card card = begin_card(input, merged);
    card.summary = summary_of(lead);
    card.detail = write_detail(input, merged, quiet);
    card.source = source_of(input.settings, {lead.rule().code, lead.rule().title});
    add_suggestions(card, input, merged, suggested);
    add_reasons(card, input, merged.parts);
    if (!input.settings.rulesUrl.empty()) {
        card.links.push_back({"About this rule", input.settings.rulesUrl + '#' + lead.rule().code, "absolute"});
    }
    return card;
}

Card gathered_card(const ComposeInput& input, const std::vector<MergedCard>& gathered, Suggested& suggested) {
    Card card = begin_card(input, k_gathered.code, "");
    card.summary = std::to_string(gathered.size()) + " further findings to review";
    card.detail = write_gathered_detail(input, gathered);
    card.source = source_of(input.settings, k_gathered);
    for (const MergedCard& merged : gathered) {
        add_suggestions(card, input, merged, suggested);
        add_reasons(card, input, merged.parts);
    }
    return card;
}

Card not_checked_card(const ComposeInput& input, const std::vector<OpenCheck>& checks,
                      const std::vector<MergedCard>& quiet) {
    Card card = begin_card(input, k_not_checked.code, "");
    card.summary = "Some checks could not be made: data were missing or unclear";
    card.detail = write_not_checked_detail(input, checks, quiet);
    card.source = source_of(input.settings, k_not_checked);
    return card;
}

// Of what is shown: what a quiet card left open is told on the card of what could not be checked.
std::vector<Part> all_parts(const Merged& merged) {
    std::vector<Part> parts;
    for (const auto* cards : {&merged.cards, &merged.gathered}) {
        for (const MergedCard& card : *cards) parts.insert(parts.end(), card.parts.begin(), card.parts.end());
    }
    return parts;
}

}  // namespace

Composed compose(const ComposeInput& input) {
    const Merged merged = merge(input);
    const auto open = could_not_check_elsewhere(input, all_parts(merged));
    Composed composed;
    Suggested suggested;
    // What is quiet is told once, on the card of what could not be checked, else on the first.
    for (const MergedCard& card : merged.cards) {
        const bool tells = open.empty() && composed.cards.empty();
        composed.cards.push_back(card_of(input, card, tells ? merged.quiet : std::vector<MergedCard>(), suggested));
    }
    if (!merged.gathered.empty()) composed.cards.push_back(gathered_card(input, merged.gathered, suggested));
    if (!open.empty()) composed.cards.push_back(not_checked_card(input, open, merged.quiet));
    for (const MergedCard& card : merged.quiet) composed.quiet.push_back(quiet_card(input, card));
    return composed;
}

}  // namespace proctor::hooks
