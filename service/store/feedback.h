// What was shown to clients, and what they said of it. It holds no text of a card, no comment, no patient and no user.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace proctor::store {

struct ShownCard {
    std::string client, tenant;  // that it went to; a tenant may be empty
    std::string card;            // its uuid
    std::string service, hook;
    std::string rule, row;  // the rule's code, the row's id; a card that is no rule's has no row
    std::string content;    // revision of the rules
    WallTime at{};
};

struct CardFeedback {
    std::string client, tenant;  // that it came from
    std::string service;         // at whose address
    std::string card;
    bool accepted = false;                 // otherwise overridden
    std::vector<std::string> suggestions;  // sorted
    std::string reason_system, reason_code;
    WallTime outcome_at{};  // as the client says
    WallTime received_at{};
};

// Of one batch. accepted + overridden + repeated is its length.
struct Recorded {
    std::size_t accepted = 0, overridden = 0;  // new
    std::size_t unmatched = 0;                 // of the new: the card was not shown to this client and tenant
    std::size_t repeated = 0;                  // kept before, and not kept twice
    friend bool operator==(const Recorded&, const Recorded&) = default;
};

// Implementations are safe to call from every thread and never throw. Each list is kept as a whole or not at all; what
// was kept is on the disk.
class FeedbackStore {
public:
    virtual ~FeedbackStore() = default;
    // A card that this client and tenant were shown before stays as it is. False: unavailable.
    [[nodiscard]] virtual bool record_shown(std::vector<ShownCard> cards) = 0;
    // The same in client, tenant, service, card, outcome, suggestions, reason and time of the outcome is the same
    // feedback. Nothing: unavailable; it may be sent again.
    [[nodiscard]] virtual std::optional<Recorded> record_feedback(std::vector<CardFeedback> batch) = 0;
};

}  // namespace proctor::store
