// A key server that gives what a test says, and counts.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>

#include "auth/key_cache.h"

namespace proctor {

// Change `answer` only while nobody fetches.
class FakeKeyServer final : public auth::KeyServer {
public:
    Result<auth::KeyDocument> get(const std::string&) override {
        ++fetches;
        during_fetch();
        return answer;
    }
    Result<std::string> read(const std::string&) override {
        ++reads;
        return answer ? Result<std::string>(answer->body) : answer.error();
    }

    void gives(std::string body, std::optional<std::chrono::seconds> max_age = std::nullopt) {
        answer = auth::KeyDocument{std::move(body), max_age};
    }
    void fails() { answer = Error{"timeout", ""}; }

    Result<auth::KeyDocument> answer = Error{"nothing here", ""};
    std::function<void()> during_fetch = [] {};
    std::atomic<int> fetches = 0, reads = 0;
};

}  // namespace proctor
