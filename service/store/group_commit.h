// Jobs of many threads in few commits. A commit waits for the disk, some milliseconds on a slow one; so the jobs that
// come meanwhile are done together by the next. Whoever finds nobody at it does it for all that wait. It knows no
// database.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace proctor::store {

template <typename Job, typename Answer>
class GroupCommit final {
public:
    // `commit` does jobs in one transaction and gives as many answers, which hold once it has returned; it is never
    // called twice at a time. When it throws it has done nothing, and the answer of each is `unavailable`.
    using Commit = std::function<std::vector<Answer>(const std::vector<Job>&)>;
    GroupCommit(std::chrono::milliseconds wait, Answer unavailable, Commit commit)
        : wait_(wait), unavailable_(std::move(unavailable)), commit_(std::move(commit)) {}
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    // Waits for a turn, and as long again for its answer when somebody else is at it. No memory for that:
    // `unavailable`.
    [[nodiscard]] Answer run(Job job) try {
        const auto mine = std::make_shared<Waiting>(std::move(job), unavailable_);
        std::unique_lock lock(mutex_);
        waiting_.push_back(mine);
        if (!busy_) call_next();
        const auto patient = [&] { return mine->wake.wait_for(lock, wait_, [&] { return mine->has_turn(); }); };
        if (patient() && !mine->answered) do_all(lock);
        // Too late: taken back, or, when somebody is at it, left to him.
        if (!mine->answered && std::erase(waiting_, mine) == 0) (void)patient();
        return mine->answer;
    } catch (const std::bad_alloc&) {
        return unavailable_;
    }

    // Jobs that wait for a turn.
    [[nodiscard]] std::size_t waiting() {
        const std::lock_guard lock(mutex_);
        return waiting_.size();
    }

private:
    struct Waiting {
        Waiting(Job what, Answer otherwise) : job(std::move(what)), answer(std::move(otherwise)) {}
        [[nodiscard]] bool has_turn() const { return answered || leads; }
        Job job;
        Answer answer;
        bool answered = false;
        bool leads = false;  // does it for all
        std::condition_variable wake;
    };

    void do_all(std::unique_lock<std::mutex>& lock) {
        const auto taken = std::exchange(waiting_, {});
        std::vector<Answer> answers;
        lock.unlock();
        try {
            std::vector<Job> jobs;
            jobs.reserve(taken.size());
            for (const auto& one : taken) jobs.push_back(std::move(one->job));
            answers = commit_(jobs);
        } catch (const std::exception&) {  // locked, full or broken: rolled back
        }
        lock.lock();
        for (std::size_t i = 0; i < taken.size(); ++i) {
            if (i < answers.size()) taken[i]->answer = std::move(answers[i]);
            taken[i]->answered = true;
        }
        busy_ = false;
        call_next();
        lock.unlock();
        // Or who wakes would wait again, for the lock.
        for (const auto& one : taken) one->wake.notify_one();
        lock.lock();
    }

    // Only whom it concerns is woken: under load dozens wait.
    void call_next() {
        if (waiting_.empty()) return;
        busy_ = true;
        waiting_.front()->leads = true;
        waiting_.front()->wake.notify_one();
    }

    const std::chrono::milliseconds wait_;
    const Answer unavailable_;
    const Commit commit_;
    std::mutex mutex_;  // of what follows
    std::vector<std::shared_ptr<Waiting>> waiting_;
    bool busy_ = false;
};

}  // namespace proctor::store
