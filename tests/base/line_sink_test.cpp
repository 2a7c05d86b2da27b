// Log lines into pipes whose reader is slow, asleep or gone.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <thread>

#include "base/log.h"
#include "support/no_memory.h"

namespace proctor {
namespace {

class DescriptorLogTest : public testing::Test {
protected:
    DescriptorLogTest() {
        std::signal(SIGPIPE, SIG_IGN);
        EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0);
    }
    ~DescriptorLogTest() override {
        close_reader();
        ::close(ends_[1]);
    }
    void close_reader() {
        if (ends_[0] >= 0) ::close(ends_[0]);
        ends_[0] = -1;
    }
    [[nodiscard]] std::string read_some() const {
        std::array<char, 65536> bytes{};
        const ssize_t got = ::read(ends_[0], bytes.data(), bytes.size());
        return {bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
    }

    std::array<int, 2> ends_{-1, -1};
};

TEST_F(DescriptorLogTest, WritesALineAnEvent) {
    const auto log = log_to_descriptor(ends_[1]);
    log->write(Event::started, {});
    log->write(Event::stopping, {});
    EXPECT_THAT(read_some(), testing::ContainsRegex("\"event\":\"started\"}\n.*\"event\":\"stopping\"}\n"));
    EXPECT_EQ(log->dropped(), 0U);
}

TEST_F(DescriptorLogTest, CountsLinesThatNobodyTakes) {
    const auto log = log_to_descriptor(ends_[1]);
    close_reader();
    for (int i = 0; i < 3; ++i) log->write(Event::request, {});
    EXPECT_EQ(log->dropped(), 3U);
}

TEST_F(DescriptorLogTest, CountsLinesForWhichThereIsNoMemory) {
    const auto log = log_to_descriptor(ends_[1]);
    LogFields fields;
    fields.client = text_without_memory();
    log->write(Event::request, fields);
    EXPECT_EQ(log->dropped(), 1U);
    log->write(Event::stopping, {});
    EXPECT_THAT(read_some(), testing::HasSubstr("\"event\":\"stopping\"}"));
    EXPECT_EQ(log->dropped(), 1U);
}

TEST_F(DescriptorLogTest, CountsLinesForADescriptorThatIsClosed) {
    const auto log = log_to_descriptor(-1);
    log->write(Event::request, {});
    EXPECT_EQ(log->dropped(), 1U);
}

TEST_F(DescriptorLogTest, GoesOnWhileThePipeIsFullAndWritesAgainAfterwards) {
    const auto log = log_to_descriptor(ends_[1]);
    for (int i = 0; i < 5'000; ++i) log->write(Event::request, {});
    const auto dropped = log->dropped();
    EXPECT_GT(dropped, 0U);
    EXPECT_LT(dropped, 5'000U);
    const auto first = read_some();
    EXPECT_EQ(first.back(), '\n') << "no line is cut";
    log->write(Event::stopped, {});
    EXPECT_EQ(log->dropped(), dropped);
    EXPECT_THAT(read_some(), testing::HasSubstr("\"event\":\"stopped\"}\n"));
}

}  // namespace
}  // namespace proctor
