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

    // Waits for a turn, and as long again for its answer when somebody else is at it.
    [[nodiscard]] Answer run(Job job) {
        const auto mine = std::make_shared<Waiting>(Waiting{std::move(job), unavailable_, false});
        std::unique_lock lock(mutex_);
        waiting_.push_back(mine);
        const bool free = changed_.wait_for(lock, wait_, [&] { return mine->answered || !busy_; });
        if (free && !mine->answered) do_all(lock);
        // Too late: taken back, or, when somebody is at it, left to him.
        const bool taken = std::erase(waiting_, mine) == 0;
        if (taken) changed_.wait_for(lock, wait_, [&] { return mine->answered; });
        return mine->answer;
    }

private:
    struct Waiting {
        Job job;
        Answer answer;
        bool answered = false;
    };

    void do_all(std::unique_lock<std::mutex>& lock) {
        const auto taken = std::exchange(waiting_, {});
        std::vector<Answer> answers(taken.size(), unavailable_);
        std::vector<Job> jobs;
        jobs.reserve(taken.size());
        for (const auto& one : taken) jobs.push_back(std::move(one->job));
        busy_ = true;
        lock.unlock();
        try {
            answers = commit_(jobs);
        } catch (const std::exception&) {  // locked, full or broken: rolled back
        }
        lock.lock();
        for (std::size_t i = 0; i < taken.size(); ++i) {
            taken[i]->answer = std::move(answers[i]);
            taken[i]->answered = true;
        }
        busy_ = false;
        changed_.notify_all();
    }

    const std::chrono::milliseconds wait_;
    const Answer unavailable_;
    const Commit commit_;
    std::mutex mutex_;  // of what follows
    std::condition_variable changed_;
    std::vector<std::shared_ptr<Waiting>> waiting_;
    bool busy_ = false;
};

}  // namespace proctor::store
