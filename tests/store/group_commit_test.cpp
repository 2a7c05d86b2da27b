#include "store/group_commit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

namespace proctor::store::group_commit_test {
namespace {

using namespace std::chrono_literals;

constexpr int k_unavailable = -1;
using Commits = GroupCommit<int, int>;

TEST(GroupCommit, EachGetsItsOwnAnswerAndOneCommitsAtATime) {
    std::atomic<int> inside{0};
    int commits = 0, jobs = 0;
    Commits group(10s, k_unavailable, [&](const std::vector<int>& batch) {
        EXPECT_EQ(++inside, 1);
        ++commits;
        jobs += static_cast<int>(batch.size());
        std::vector<int> answers;
        for (const int job : batch) answers.push_back(2 * job);
        std::this_thread::yield();
        --inside;
        return answers;
    });
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i) EXPECT_EQ(group.run(1000 * t + i), 2 * (1000 * t + i));
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(jobs, 16 * 500);
    EXPECT_LE(commits, jobs);
}

TEST(GroupCommit, WhatComesMeanwhileIsDoneByTheNextAtOnce) {
    std::promise<void> begun, go_on;
    std::vector<std::size_t> sizes;
    Commits group(10s, k_unavailable, [&](const std::vector<int>& batch) {
        sizes.push_back(batch.size());
        if (sizes.size() == 1) {
            begun.set_value();
            go_on.get_future().wait();
        }
        return batch;
    });
    std::vector<std::future<int>> answers;
    answers.push_back(std::async(std::launch::async, [&] { return group.run(0); }));
    begun.get_future().wait();
    for (int i = 1; i <= 5; ++i) answers.push_back(std::async(std::launch::async, [&, i] { return group.run(i); }));
    while (group.waiting() < 5) std::this_thread::yield();
    go_on.set_value();
    for (int i = 0; i <= 5; ++i) EXPECT_EQ(answers[static_cast<std::size_t>(i)].get(), i);
    EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 5}));
}

TEST(GroupCommit, ACommitThatThrowsHasDoneNothingAndTheNextIsTriedAnew) {
    bool broken = true;
    Commits group(10s, k_unavailable, [&](const std::vector<int>& batch) {
        if (broken) throw std::runtime_error("locked");
        return batch;
    });
    EXPECT_EQ(group.run(1), k_unavailable);
    broken = false;
    EXPECT_EQ(group.run(2), 2);
}

TEST(GroupCommit, WhoWaitedTooLongForATurnIsTakenBack) {
    std::promise<void> begun, go_on;
    std::vector<int> done;
    Commits group(20ms, k_unavailable, [&](const std::vector<int>& batch) {
        done.insert(done.end(), batch.begin(), batch.end());
        if (done.size() == 1) {
            begun.set_value();
            go_on.get_future().wait();
        }
        return batch;
    });
    auto first = std::async(std::launch::async, [&] { return group.run(1); });
    begun.get_future().wait();
    EXPECT_EQ(group.run(2), k_unavailable);
    go_on.set_value();
    EXPECT_EQ(first.get(), 1);
    EXPECT_EQ(group.run(3), 3);
    EXPECT_EQ(done, (std::vector<int>{1, 3}));
}

}  // namespace
}  // namespace proctor::store::group_commit_test
