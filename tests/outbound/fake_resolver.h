// A resolver that answers from a table: for each name its answers in turn, the last one for ever.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "outbound/resolver.h"

namespace proctor::outbound {

inline Resolved addresses(const std::vector<std::string>& texts) {
    std::vector<Address> all;
    for (const auto& text : texts) all.push_back(parse_address(text).value());
    return all;
}

class FakeResolver final : public Resolver {
public:
    void answer(const std::string& host, std::vector<Resolved> in_turn) { answers_[host] = std::move(in_turn); }

    Resolved resolve(const std::string& host, SteadyTime) override {
        const std::lock_guard lock(mutex_);
        asked_.push_back(host);
        auto found = answers_.find(host);
        if (found == answers_.end()) return Failure::unresolved;
        auto& in_turn = found->second;
        const Resolved now = in_turn.front();
        if (in_turn.size() > 1) in_turn.erase(in_turn.begin());
        return now;
    }

    std::vector<std::string> asked() {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::vector<Resolved>> answers_;
    std::vector<std::string> asked_;
};

}  // namespace proctor::outbound
