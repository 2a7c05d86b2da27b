// A feedback store in memory that can be away.
#pragma once

#include <atomic>
#include <utility>

#include "store/feedback.h"

namespace proctor::store {

// Keeps what it is given in memory, while it is there.
class FakeStore final : public FeedbackStore {
public:
    struct Seen {
        bool there = true;
        int asked = 0;
        std::vector<ShownCard> shown;
        std::vector<CardFeedback> feedback;
        std::vector<KeptFeedback> kept;
        std::vector<PastAnswer> answers;
        std::vector<Tally> counted;
        Person asked_for;
        std::atomic<int> purges = 0, rewrites = 0;
        WallTime purged_before{}, comments_purged_before{};
        Purged purged{1, 2, 3};
    };
    explicit FakeStore(Seen& seen) : seen_(seen) {}

    [[nodiscard]] bool record_shown(std::vector<ShownCard> cards) override {
        ++seen_.asked;
        if (seen_.there) seen_.shown = std::move(cards);
        return seen_.there;
    }
    [[nodiscard]] std::optional<Recorded> record_feedback(std::vector<CardFeedback> batch) override {
        if (!seen_.there) return std::nullopt;
        seen_.feedback = std::move(batch);
        return Recorded{1, 2, 3, 4};
    }
    [[nodiscard]] std::optional<std::vector<PastAnswer>> past(const Person& patient, WallTime) override {
        seen_.asked_for = patient;
        return answer(seen_.answers);
    }
    [[nodiscard]] std::optional<std::vector<Tally>> tallies(WallTime) override { return answer(seen_.counted); }
    [[nodiscard]] std::optional<std::vector<ShownCard>> shown_after(const ShownCard* last, std::size_t) override {
        return answer(last == nullptr ? seen_.shown : std::vector<ShownCard>());
    }
    [[nodiscard]] std::optional<std::vector<KeptFeedback>> feedback_after(const std::string& last,
                                                                          std::size_t) override {
        return answer(last.empty() ? seen_.kept : std::vector<KeptFeedback>());
    }
    [[nodiscard]] std::optional<Purged> purge(WallTime before, WallTime comments_before, const Purging& how) override {
        ++seen_.purges;
        seen_.rewrites += how.rewrite ? 1 : 0;
        seen_.purged_before = before;
        seen_.comments_purged_before = comments_before;
        return answer(seen_.purged);
    }
    [[nodiscard]] StoreState state() const override { return seen_.there ? StoreState::ok : StoreState::away; }

private:
    template <typename T>
    [[nodiscard]] std::optional<T> answer(T value) const {
        return seen_.there ? std::optional<T>(std::move(value)) : std::nullopt;
    }
    Seen& seen_;
};

}  // namespace proctor::store
