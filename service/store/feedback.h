// What was shown to clients, and what they said of it. It holds no text of a card; patients and users are known by
// keyed hashes alone, comments are sealed before they come here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"

namespace proctor::store {

struct ShownCard {
    std::string client, tenant;  // that it went to; a tenant may be empty
    std::string card;            // its uuid
    std::string service, hook;
    std::string rule, row, version;  // the rule's code, the row's id, the rule's version; a card that is no rule's has
                                     // neither row nor version
    std::string indicator;           // "critical", "warning", "info"
    std::string content;             // revision of the rules
    std::string patient, user;       // keyed hashes; empty: the site has no key for them
    std::string evidence;            // digest of what fired it (hooks/history.h); empty: the same
    bool quiet = false;              // held back, as it was answered before; not shown
    WallTime at{};
};

struct CardFeedback {
    std::string client, tenant;  // that it came from
    std::string service;         // at whose address
    std::string card;
    bool accepted = false;                 // otherwise overridden
    std::vector<std::string> suggestions;  // sorted
    std::string reason_system, reason_code;
    std::string comment;    // sealed (store/secrets.h); empty: none, or not kept
    WallTime outcome_at{};  // as the client says
    WallTime received_at{};
};

// Feedback as it is kept.
struct KeptFeedback {
    std::string key;  // names it; equal for equal feedback
    CardFeedback feedback;
    bool matched = false;  // the card was shown to this client and tenant
};

// Of one batch. accepted + overridden + repeated is its length.
struct Recorded {
    std::size_t accepted = 0, overridden = 0;  // new
    std::size_t unmatched = 0;                 // of the new: the card was not shown to this client and tenant
    std::size_t repeated = 0;                  // kept before, and not kept twice
    friend bool operator==(const Recorded&, const Recorded&) = default;
};

// What was said of a patient's card.
struct PastAnswer {
    std::string rule, row, evidence;  // of the card
    bool accepted = false;
    std::string reason_code;  // of an override; may be empty
    WallTime at{};            // received
};

struct Person {
    std::string client, tenant, patient;  // the keyed hash
};

// Cards of one day (UTC), counted.
struct Tally {
    std::string client, rule, row, version, indicator;
    long day = 0;         // since 1970-01-01
    std::string outcome;  // "shown", "quiet", "accepted" or "overridden"; the last two on the day of the card
    std::string reason;   // code of an override; may be empty
    std::size_t cards = 0;
};

struct Purged {
    std::size_t shown = 0, feedback = 0, comments = 0;
    bool done = true;  // false: some are left, or the disk still has what was deleted; the next purge goes on
    [[nodiscard]] std::size_t rows() const { return shown + feedback + comments; }
};

struct Purging {
    bool rewrite = true;   // what was deleted leaves the disk, too: SQLite's file is written anew
    std::stop_token stop;  // ends it early: then it gives what was deleted until then
};

enum class StoreState : std::uint8_t {
    ok,
    spooling,  // what comes is on this host's disk and waits for the store
    away,      // nothing can be kept
};

// Implementations are safe to call from every thread and never throw. Each list is kept as a whole or not at all; what
// was kept is on the disk. Nothing or false: unavailable.
class FeedbackStore {
public:
    virtual ~FeedbackStore() = default;
    // A card that this client and tenant were shown before stays as it is.
    [[nodiscard]] virtual bool record_shown(std::vector<ShownCard> cards) = 0;
    // The same in client, tenant, service, card, outcome, suggestions, reason and time of the outcome is the same
    // feedback; it may be sent again.
    [[nodiscard]] virtual std::optional<Recorded> record_feedback(std::vector<CardFeedback> batch) = 0;

    // Answers received since then about this patient's cards, oldest first, at most limits::k_past_answers (the
    // latest).
    [[nodiscard]] virtual std::optional<std::vector<PastAnswer>> past(const Person& patient, WallTime since) = 0;
    // Cards since then. Feedback that matches no card is not in it.
    [[nodiscard]] virtual std::optional<std::vector<Tally>> tallies(WallTime since) = 0;

    // All of it, page by page in a fixed order: what comes after `last` (null: from the beginning), at most `limit`.
    [[nodiscard]] virtual std::optional<std::vector<ShownCard>> shown_after(const ShownCard* last,
                                                                            std::size_t limit) = 0;
    [[nodiscard]] virtual std::optional<std::vector<KeptFeedback>> feedback_after(const std::string& last_key,
                                                                                  std::size_t limit) = 0;

    // Deletes what is older, and of feedback that stays the comments that are. Nothing: unavailable, and nothing was
    // deleted.
    [[nodiscard]] virtual std::optional<Purged> purge(WallTime before, WallTime comments_before,
                                                      const Purging& how = {}) = 0;
    [[nodiscard]] virtual StoreState state() const = 0;
};

}  // namespace proctor::store
