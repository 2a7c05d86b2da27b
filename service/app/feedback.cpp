#include "app/feedback.h"

#include <utility>
#include <variant>

#include "base/waiting.h"
#include "hooks/feedback.h"
#include "store/open_feedback.h"

namespace proctor::app {
namespace {

store::CardFeedback stored(hooks::FeedbackItem item, const Party& from, WallTime now) {
    store::CardFeedback one;
    one.client = from.client;
    one.tenant = from.tenant;
    one.service = from.service;
    one.card = std::move(item.card);
    one.accepted = item.accepted;
    one.suggestions = std::move(item.acceptedSuggestions);
    if (item.overrideReason) {
        one.reason_system = std::move(item.overrideReason->system);
        one.reason_code = std::move(item.overrideReason->code);
    }
    one.outcome_at = item.outcomeTimestamp;
    one.received_at = now;
    return one;
}

// The place is all of the row that a comment is sealed for.
void seal_comment(const std::string& comment, const store::CommentKeys& keys, store::CardFeedback& row) {
    if (!comment.empty()) row.comment = keys.seal(comment, {row.client, row.tenant, row.card, row.outcome_at});
}

}  // namespace

Result<std::unique_ptr<Feedback>> Feedback::open(const Config& config, const Clock& clock, Entropy& entropy) {
    if (config.feedback_store.empty()) return std::unique_ptr<Feedback>();
    auto secrets = load_secrets(config, entropy);
    if (!secrets) return secrets.error();
    auto store = store::open_feedback(config.feedback_store, config.feedback_spool, clock);
    if (!store) return store.error();
    auto feedback = std::make_unique<Feedback>(std::move(store).value(), clock, std::move(secrets).value());
    feedback->read_secrets_ = [&config, &entropy] { return load_secrets(config, entropy); };
    return feedback;
}

Feedback::Feedback(std::unique_ptr<store::FeedbackStore> store, const Clock& clock, Secrets secrets)
    : store_(std::move(store)),
      clock_(clock),
      secrets_(std::make_shared<const Secrets>(std::move(secrets))),
      retry_at_(clock.steady()) {}

Status Feedback::reload() {
    auto secrets = read_secrets_();
    if (!secrets) return secrets.error();
    std::atomic_store(&secrets_, std::make_shared<const Secrets>(std::move(secrets).value()));
    return Done{};
}

hooks::History Feedback::history(const Party& of, const std::string& patient, std::chrono::days quiet) {
    hooks::History history;
    const auto keys = secrets()->identity;
    if (!keys) return history;
    history.salt = keys->salt_of(of.client, of.tenant, patient);
    if (quiet == std::chrono::days{0} || away_) return history;
    const store::Person who{of.client, of.tenant, keys->hash_patient(of.client, of.tenant, patient)};
    auto past = wait_for([&] { return store_->past(who, clock_.now() - quiet); });
    if (!past) return history;
    history.quiet = quiet;
    for (auto& one : *past) {
        history.answers.push_back({std::move(one.rule), std::move(one.row), std::move(one.evidence), one.accepted,
                                   std::move(one.reason_code), one.at});
    }
    return history;
}

void Feedback::record_shown(const hooks::Answered& answered, const Party& to, std::string_view content,
                            LogFields& fields) try {
    if (answered.cards.empty() && answered.quiet.empty()) return;
    const auto secrets = this->secrets();
    std::string patient, user;
    if (secrets->identity) {
        patient = secrets->identity->hash_patient(to.client, to.tenant, answered.patient);
        user = secrets->identity->hash_user(to.client, to.tenant, answered.user);
    }
    std::vector<store::ShownCard> cards;
    const auto add = [&](const hooks::Card& card, bool quiet) {
        store::ShownCard shown;
        shown.client = to.client;
        shown.tenant = to.tenant;
        shown.card = card.uuid;
        shown.service = to.service;
        shown.hook = answered.hook;
        shown.rule = card.rule;
        shown.row = card.row;
        shown.version = card.version;
        shown.indicator = rules::print(card.indicator);
        shown.content = content;
        shown.evidence = card.evidence;
        shown.quiet = quiet;
        shown.patient = patient;
        shown.user = user;
        shown.at = clock_.now();
        cards.push_back(std::move(shown));
    };
    for (const auto& card : answered.cards) add(card, false);
    for (const auto& card : answered.quiet) add(card, true);
    const bool tried = may_try();
    const bool kept = tried && wait_for([&] { return store_->record_shown(std::move(cards)); });
    if (tried) away_ = !kept;
    if (!kept) fields.feedback_store = "away";
} catch (const std::bad_alloc&) {
    fields.feedback_store = "away";
}

std::optional<hooks::Refusal> Feedback::record(std::string_view body, const Party& from, LogFields& fields) {
    auto read = hooks::read_feedback(body);
    if (auto* refusal = std::get_if<hooks::Refusal>(&read)) return std::move(*refusal);
    const auto keys = from.keep_comments ? secrets()->comments : nullptr;
    std::vector<store::CardFeedback> batch;
    for (auto& item : std::get<std::vector<hooks::FeedbackItem>>(read)) {
        const std::string comment = std::move(item.userComment);
        batch.push_back(stored(std::move(item), from, clock_.now()));
        if (keys) seal_comment(comment, *keys, batch.back());
    }
    const auto recorded = wait_for([&] { return store_->record_feedback(std::move(batch)); });
    away_ = !recorded;
    if (!recorded) {
        fields.feedback_store = "away";
        return hooks::Refusal{503, {{"transient", "Nothing was kept; send the feedback again", ""}}};
    }
    fields.accepted = recorded->accepted;
    fields.overridden = recorded->overridden;
    fields.unmatched = recorded->unmatched;
    fields.repeated = recorded->repeated;
    return std::nullopt;
}

bool Feedback::may_try() {
    if (!away_) return true;
    const std::lock_guard lock(mutex_);
    if (clock_.steady() < retry_at_) return false;
    retry_at_ = clock_.steady() + std::chrono::seconds{limits::k_feedback_retry_seconds};
    return true;
}

}  // namespace proctor::app
