// Months that counts for others are made of: whole calendar months (UTC) that are over, whose answers are in, and of
// which nothing has been deleted yet. What such a month counts never changes again, so two exports tell no more than
// one. Nothing else can be counted: there is no other way to make one.
#pragma once

#include <chrono>
#include <vector>

#include "base/clock.h"

namespace proctor::store {

class ClosedMonth final {
public:
    // The latest, oldest first, at most `most`. `kept`: how long what was shown is kept.
    [[nodiscard]] static std::vector<ClosedMonth> latest(WallTime now, std::chrono::days kept, int most);

    [[nodiscard]] std::chrono::year_month name() const { return month_; }
    // Its cards: from begin() until before end(). Answers received until before closed() count.
    [[nodiscard]] WallTime begin() const;
    [[nodiscard]] WallTime end() const;
    [[nodiscard]] WallTime closed() const;

private:
    explicit ClosedMonth(std::chrono::year_month month) : month_(month) {}
    std::chrono::year_month month_;
};

}  // namespace proctor::store
