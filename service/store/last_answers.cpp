#include "store/last_answers.h"

#include <utility>

namespace proctor::store {

void LastAnswers::take(const KeptFeedback& row) {
    if (!row.matched) return;
    const auto& said = row.feedback;
    const auto order = [](const LastAnswer& one) { return std::tie(one.outcome_at, one.received_at, one.key); };
    LastAnswer answer{said.accepted, said.reason_code, said.comment, said.outcome_at, said.received_at, row.key};
    const auto [last, first] = by_card_.try_emplace({said.client, said.tenant, said.card}, answer);
    if (!first && order(last->second) < order(answer)) last->second = std::move(answer);
}

const LastAnswer* LastAnswers::of(const ShownCard& card) const {
    const auto found = by_card_.find({card.client, card.tenant, card.card});
    return found == by_card_.end() ? nullptr : &found->second;
}

}  // namespace proctor::store
