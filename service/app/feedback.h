// What clients were shown and what they say of it: on its way into the store and, when the store is away, not. It joins
// hooks/ and store/; it knows no routes and no tokens.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "app/secrets.h"
#include "base/clock.h"
#include "base/log.h"
#include "hooks/answer.h"
#include "store/feedback.h"

namespace proctor::app {

// Who was shown something, or speaks of it, and by which service.
struct Party {
    std::string client, tenant;
    std::string_view service;
    bool keep_comments = false;
};

// Safe to use from every thread.
class Feedback final {
public:
    // Null: the configuration names no store. Error: one that cannot be used, or a file of keys. Refers to all.
    [[nodiscard]] static Result<std::unique_ptr<Feedback>> open(const Config& config, const Clock& clock,
                                                                Entropy& entropy);
    Feedback(std::unique_ptr<store::FeedbackStore> store, const Clock& clock, Secrets secrets = {});
    Feedback(const Feedback&) = delete;
    Feedback& operator=(const Feedback&) = delete;

    // After open(): the files of keys once more. Error: the first that cannot be used; what was read before stays.
    [[nodiscard]] Status reload();
    // The keys of now, from any thread.
    [[nodiscard]] std::shared_ptr<const Secrets> secrets() const { return std::atomic_load(&secrets_); }

    // What was said before about this patient's cards. Without the store or its answer nothing is known of that, and
    // every card is shown; without a key the cards have no evidence either.
    [[nodiscard]] hooks::History history(const Party& of, const std::string& patient, std::chrono::days quiet);

    // Cards on their way to the client, and those held back; `content`: revision of the rules. When they cannot be
    // recorded the fields say so, and that is all: a card is never withheld for it. While the store is away one call in
    // a second tries it and the others do not wait.
    void record_shown(const hooks::Answered& answered, const Party& to, std::string_view content, LogFields& fields);

    // Nothing: the batch is on the disk; comments sealed, or without them where the client does not keep them or there
    // is no key. Refusal: 400 or 413 of hooks::read_feedback, 503 while the store is away.
    [[nodiscard]] std::optional<hooks::Refusal> record(std::string_view body, const Party& from, LogFields& fields);

    // For whoever counts and exports.
    [[nodiscard]] store::FeedbackStore& store() const { return *store_; }

    // For health: the store did not answer when it was last asked.
    [[nodiscard]] bool away() const { return away_; }
    [[nodiscard]] store::StoreState state() const { return away_ ? store::StoreState::away : store_->state(); }

private:
    [[nodiscard]] bool may_try();

    const std::unique_ptr<store::FeedbackStore> store_;
    const Clock& clock_;
    std::shared_ptr<const Secrets> secrets_;  // swapped as app/live.h says
    std::function<Result<Secrets>()> read_secrets_ = [] { return Secrets(); };
    std::atomic<bool> away_ = false;
    std::mutex mutex_;  // of retry_at_
    SteadyTime retry_at_;
};

}  // namespace proctor::app
