// Whether a feedback store holds what it says: for `proctor store verify`. It knows no database.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "store/feedback.h"
#include "store/secrets.h"

namespace proctor::store {

struct Verified {
    std::size_t feedback = 0, shown = 0, comments = 0;  // rows
    std::size_t opened = 0;                             // comments
    std::size_t locked = 0;                             // comments whose key is not at hand: nothing is known of them
    std::size_t parted = 0;                             // feedback whose card has gone; cards go first
    // Faults:
    std::size_t wrong_keys = 0;     // feedback that is not what its key says
    std::size_t wrong_matches = 0;  // matched without having been shown, or the other way round
    std::size_t damaged = 0;        // comments that their key does not open

    [[nodiscard]] bool fine() const { return wrong_keys + wrong_matches + damaged == 0; }
    friend bool operator==(const Verified&, const Verified&) = default;
};

// `keys`: null when none are at hand. Holds the names of the cards that have feedback. Error: the store is away.
[[nodiscard]] Result<Verified> verify(FeedbackStore& store, const CommentKeys* keys);

}  // namespace proctor::store
