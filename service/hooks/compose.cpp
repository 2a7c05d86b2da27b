#include "hooks/compose.h"

#include <algorithm>

#include "hooks/detail.h"
#include "hooks/identity.h"
#include "hooks/merge.h"
#include "hooks/not_checked.h"
#include "hooks/suggestions.h"

namespace proctor::hooks {
namespace {

// Topics of the two cards that are no rule's.
constexpr const char* k_gathered_code = "ADC-MORE";
constexpr const char* k_not_checked_code = "ADC-NC";

std::string card_uuid(const ComposeInput& input, std::string_view code, std::string_view row) {
    std::string instance = input.hookInstance;  // a UUID means the same in either case
    std::transform(instance.begin(), instance.end(), instance.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
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

Source source_of(const Settings& settings, std::string_view code, const std::string& title) {
    return {"Proctor", settings.sourceUrl, Coding{settings.systemBase + "/CodeSystem/topic", topic_code(code), title}};
}

void add_reasons(Card& card, const ComposeInput& input, const std::vector<Part>& parts) {
    for (const Part& part : parts) {
        for (const auto& code : part.rule().overrideReasons) {
            const auto& known = input.content.overrideReasons;
            const auto reason =
                std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.code == code; });
            const bool there = std::any_of(card.overrideReasons.begin(), card.overrideReasons.end(),
                                           [&](const Coding& one) { return one.code == code; });
            if (reason == known.end() || there) continue;
            card.overrideReasons.push_back(
                {input.settings.systemBase + "/CodeSystem/override-reason", reason->code, reason->display});
        }
    }
}

void add_suggestions(Card& card, const ComposeInput& input, const std::vector<Part>& parts, Suggested& suggested) {
    for (auto& suggestion : suggest(input, parts, card.uuid, suggested))
        card.suggestions.push_back(std::move(suggestion));
    if (!card.suggestions.empty()) card.selectionBehavior = "any";
}

Card card_of(const ComposeInput& input, const MergedCard& merged, Suggested& suggested) {
    const Part& lead = merged.parts.front();
    Card card = begin_card(input, lead.rule().code, lead.row().id);
    card.version = lead.rule().version;
    card.summary = summary_of(lead);
    card.detail = write_detail(input, merged);
    card.indicator = lead.indicator;
    card.source = source_of(input.settings, lead.rule().code, lead.rule().title);
    add_suggestions(card, input, merged.parts, suggested);
    add_reasons(card, input, merged.parts);
    if (!input.settings.rulesUrl.empty()) {
        card.links.push_back({"About this rule", input.settings.rulesUrl + '#' + lead.rule().code, "absolute"});
    }
    return card;
}

Card gathered_card(const ComposeInput& input, const std::vector<MergedCard>& gathered, Suggested& suggested) {
    Card card = begin_card(input, k_gathered_code, "");
    card.summary =
        std::to_string(gathered.size()) + " further finding" + (gathered.size() == 1 ? "" : "s") + " to review";
    card.detail = write_gathered_detail(input, gathered);
    card.source = source_of(input.settings, k_gathered_code, "Further findings");
    for (const MergedCard& merged : gathered) {
        add_suggestions(card, input, merged.parts, suggested);
        add_reasons(card, input, merged.parts);
    }
    return card;
}

Card not_checked_card(const ComposeInput& input, const std::vector<OpenCheck>& checks) {
    Card card = begin_card(input, k_not_checked_code, "");
    card.summary = "Some checks could not be made: data were missing or unclear";
    card.detail = write_not_checked_detail(input, checks);
    card.source = source_of(input.settings, k_not_checked_code, "Could not check");
    return card;
}

std::vector<Part> all_parts(const Merged& merged) {
    std::vector<Part> parts;
    for (const auto* cards : {&merged.cards, &merged.gathered}) {
        for (const MergedCard& card : *cards) parts.insert(parts.end(), card.parts.begin(), card.parts.end());
    }
    return parts;
}

}  // namespace

std::vector<Card> compose(const ComposeInput& input) {
    const Merged merged = merge(input);
    std::vector<Card> cards;
    Suggested suggested;
    for (const MergedCard& card : merged.cards) cards.push_back(card_of(input, card, suggested));
    if (!merged.gathered.empty()) cards.push_back(gathered_card(input, merged.gathered, suggested));
    const auto open = could_not_check_elsewhere(input, all_parts(merged));
    if (!open.empty()) cards.push_back(not_checked_card(input, open));
    return cards;
}

}  // namespace proctor::hooks
