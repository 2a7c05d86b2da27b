#include "store/verify.h"

#include <map>
#include <tuple>
#include <variant>

#include "store/feedback_rows.h"
#include "store/pages.h"

namespace proctor::store {
namespace {

struct Said {
    std::size_t matched = 0, unmatched = 0;
    bool found = false;
};
using Cards = std::map<std::tuple<std::string, std::string, std::string>, Said>;

void look_at_comment(const CardFeedback& row, const CommentKeys* keys, Verified& verified) {
    if (row.comment.empty()) return;
    ++verified.comments;
    if (keys == nullptr) return void(++verified.locked);
    const auto opened = keys->open(row.comment, {row.client, row.tenant, row.card, row.outcome_at});
    const auto* why = std::get_if<Unopened>(&opened);
    ++(why == nullptr ? verified.opened : *why == Unopened::unknown_key ? verified.locked : verified.damaged);
}

// A card that was held back was not shown.
void look_at_card(const ShownCard& card, Cards& cards, Verified& verified) {
    ++verified.shown;
    const auto found = cards.find({card.client, card.tenant, card.card});
    if (found == cards.end()) return;
    found->second.found = true;
    verified.wrong_matches += card.quiet ? found->second.matched : found->second.unmatched;
}

}  // namespace

Result<Verified> verify(FeedbackStore& store, const CommentKeys* keys) {
    Verified verified;
    Cards cards;
    auto done = each_feedback(store, [&](const KeptFeedback& kept) -> Status {
        const auto& row = kept.feedback;
        ++verified.feedback;
        if (kept.key != write_feedback(row).front()) ++verified.wrong_keys;
        look_at_comment(row, keys, verified);
        Said& said = cards[{row.client, row.tenant, row.card}];
        ++(kept.matched ? said.matched : said.unmatched);
        return Done{};
    });
    if (done) {
        done = each_shown(store, [&](const ShownCard& card) -> Status {
            look_at_card(card, cards, verified);
            return Done{};
        });
    }
    if (!done) return done.error();
    for (const auto& [name, said] : cards) verified.parted += said.found ? 0 : said.matched;
    return verified;
}

}  // namespace proctor::store
