#include "store/spool.h"

#include <exception>
#include <utility>

namespace proctor::store {

Spool::Spool(std::unique_ptr<FeedbackStore> store, std::unique_ptr<FeedbackSql> file, const Clock& clock,
             std::chrono::milliseconds retry)
    : store_(std::move(store)), file_(std::move(file)), clock_(clock), retry_(retry), retry_at_(clock.steady()) {
    const auto shown = file_->shown_after(nullptr, 1);
    const auto feedback = file_->feedback_after("", 1);
    waiting_ = !shown || !feedback || !shown->empty() || !feedback->empty();
    thread_ = std::thread([this] { work(); });
}

Spool::~Spool() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool Spool::record_shown(std::vector<ShownCard> cards) {
    if (cards.empty()) return true;
    if (may_try()) {
        const bool kept = store_->record_shown(cards);
        note(kept);
        if (kept) return true;
    }
    const bool kept = file_->record_shown(std::move(cards));
    spooled(kept);
    return kept;
}

std::optional<Recorded> Spool::record_feedback(std::vector<CardFeedback> batch) {
    if (may_try()) {
        const auto recorded = store_->record_feedback(batch);
        note(recorded.has_value());
        if (recorded) return recorded;
    }
    auto recorded = file_->record_feedback(std::move(batch));
    spooled(recorded.has_value());
    if (recorded) recorded->unmatched = 0;
    return recorded;
}

template <typename Ask>
auto Spool::read(const Ask& ask) -> decltype(ask()) {
    if (!may_try()) return std::nullopt;
    auto answer = ask();
    note(answer.has_value());
    return answer;
}

std::optional<std::vector<PastAnswer>> Spool::past(const Person& patient, WallTime since) {
    return read([&] { return store_->past(patient, since); });
}
std::optional<std::vector<Tally>> Spool::tallies(WallTime since) {
    return read([&] { return store_->tallies(since); });
}
std::optional<std::vector<ShownCard>> Spool::shown_after(const ShownCard* last, std::size_t limit) {
    return read([&] { return store_->shown_after(last, limit); });
}
std::optional<std::vector<KeptFeedback>> Spool::feedback_after(const std::string& last_key, std::size_t limit) {
    return read([&] { return store_->feedback_after(last_key, limit); });
}

std::optional<Purged> Spool::purge(WallTime before, WallTime comments_before, const Purging& how) {
    const auto file = file_->purge(before, comments_before, how);
    const auto store = read([&] { return store_->purge(before, comments_before, how); });
    if (!store && (!file || (file->done && file->rows() == 0))) return std::nullopt;
    const Purged none{0, 0, 0, false};
    const Purged one = file.value_or(none), other = store.value_or(none);
    return Purged{one.shown + other.shown, one.feedback + other.feedback, one.comments + other.comments,
                  one.done && other.done};
}

StoreState Spool::state() const {
    const std::lock_guard lock(mutex_);
    if (away_ && file_fails_) return StoreState::away;
    return away_ || waiting_ || draining_ ? StoreState::spooling : StoreState::ok;
}

bool Spool::settled(std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, wait, [&] { return !waiting_ && !draining_; });
}

bool Spool::may_try() {
    const std::lock_guard lock(mutex_);
    if (!away_) return true;
    if (clock_.steady() < retry_at_) return false;
    retry_at_ = clock_.steady() + retry_;
    return true;
}

void Spool::note(bool answered) {
    const std::lock_guard lock(mutex_);
    if (away_ && answered) back_ = true;
    if (!away_ && !answered) retry_at_ = clock_.steady() + retry_;
    away_ = !answered;
    if (answered) changed_.notify_all();
}

void Spool::spooled(bool kept) {
    const std::lock_guard lock(mutex_);
    file_fails_ = !kept;
    if (kept) waiting_ = true;
    changed_.notify_all();
}

bool Spool::stopping() const {
    const std::lock_guard lock(mutex_);
    return stop_;
}

void Spool::work() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        changed_.wait(lock, [&] { return stop_ || waiting_; });
        if (stop_) return;
        waiting_ = back_ = false;
        draining_ = true;
        lock.unlock();
        bool drained = false;
        try {
            drained = drain();
        } catch (const std::exception&) {  // out of memory: once more, later
        }
        lock.lock();
        draining_ = false;
        changed_.notify_all();
        if (drained) continue;
        waiting_ = true;
        changed_.wait_for(lock, retry_, [&] { return stop_ || back_; });
    }
}

// Cards before what was said of them.
bool Spool::drain() {
    if (!drain_shown() || !drain_feedback()) return false;
    (void)file_->forget_erased();  // locked: after the next
    return true;
}

// Page by page; what was handed over is erased, so the next page is the first.
template <typename FirstPage, typename Keep>
bool Spool::hand_over(const FirstPage& first_page, const Keep& keep) {
    while (!stopping()) {
        const auto page = first_page();
        if (!page) return false;
        if (page->empty()) return true;
        const bool kept = keep(*page);
        note(kept);
        if (!kept || !file_->erase(*page)) return false;
    }
    return false;
}

bool Spool::drain_shown() {
    return hand_over([&] { return file_->shown_after(nullptr, limits::k_feedback_spool_rows); },
                     [&](const std::vector<ShownCard>& page) { return store_->record_shown(page); });
}

bool Spool::drain_feedback() {
    return hand_over([&] { return file_->feedback_after("", limits::k_feedback_spool_rows); },
                     [&](const std::vector<KeptFeedback>& page) {
                         std::vector<CardFeedback> batch;
                         batch.reserve(page.size());
                         for (const auto& kept : page) batch.push_back(kept.feedback);
                         return store_->record_feedback(std::move(batch)).has_value();
                     });
}

}  // namespace proctor::store
