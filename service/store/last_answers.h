// What was said last of each card. It knows no database.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "base/result.h"
#include "store/feedback.h"

namespace proctor::store {

struct LastAnswer {
    bool accepted = false;
    std::string reason, comment;  // the comment sealed, as it is kept
    WallTime outcome_at{}, received_at{};
    std::string key;
};

class LastAnswers final {
public:
    // Takes what matches a card, of what was said before it only the latest, by the client's own clock.
    void take(const KeptFeedback& row);
    // Null: nothing was said of it.
    [[nodiscard]] const LastAnswer* of(const ShownCard& card) const;

private:
    std::map<std::tuple<std::string, std::string, std::string>, LastAnswer> by_card_;
};

}  // namespace proctor::store
