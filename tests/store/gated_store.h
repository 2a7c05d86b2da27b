// A feedback store that a test sends away, calls back, or lets its process die in.
#pragma once

#include <signal.h>

#include <atomic>
#include <memory>
#include <utility>

#include "store/feedback.h"

namespace proctor::store {

class GatedStore final : public FeedbackStore {
public:
    struct Gate {
        std::atomic<bool> there = true;
        std::atomic<bool> die = false;  // once something was kept
        std::atomic<int> asked = 0;
    };
    GatedStore(std::unique_ptr<FeedbackStore> store, Gate& gate) : store_(std::move(store)), gate_(gate) {}

    [[nodiscard]] bool record_shown(std::vector<ShownCard> cards) override {
        return pass() && survive(store_->record_shown(std::move(cards)));
    }
    [[nodiscard]] std::optional<Recorded> record_feedback(std::vector<CardFeedback> batch) override {
        return pass() ? survive(store_->record_feedback(std::move(batch))) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::vector<PastAnswer>> past(const Person& patient, WallTime since) override {
        return pass() ? store_->past(patient, since) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::vector<Tally>> tallies(WallTime since) override {
        return pass() ? store_->tallies(since) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::vector<ShownCard>> shown_after(const ShownCard* last, std::size_t limit) override {
        return pass() ? store_->shown_after(last, limit) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::vector<KeptFeedback>> feedback_after(const std::string& last_key,
                                                                          std::size_t limit) override {
        return pass() ? store_->feedback_after(last_key, limit) : std::nullopt;
    }
    [[nodiscard]] std::optional<Purged> purge(WallTime before, WallTime comments_before, const Purging& how) override {
        return pass() ? store_->purge(before, comments_before, how) : std::nullopt;
    }
    [[nodiscard]] StoreState state() const override { return gate_.there ? StoreState::ok : StoreState::away; }

private:
    [[nodiscard]] bool pass() {
        ++gate_.asked;
        return gate_.there;
    }
    template <typename T>
    [[nodiscard]] T survive(T answer) const {
        if (answer && gate_.die) ::raise(SIGKILL);
        return answer;
    }

    const std::unique_ptr<FeedbackStore> store_;
    Gate& gate_;
};

}  // namespace proctor::store
