// What answers requests now: one value, prepared from content and settings, that a reload replaces as a whole. A
// request keeps the one it began with.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "base/clock.h"
#include "hooks/answer.h"

namespace proctor::app {

// What answers one client.
struct Desk {
    std::shared_ptr<const hooks::Engine> engine;
    std::string discovery;  // the answer to GET /cds-services
};

struct Serving {
    std::vector<Desk> desks;  // by client
    WallTime since{};
    // A later reload that was refused, and why: a fixed word (startup.h); empty: none.
    std::string_view refused;
    WallTime refused_at{};

    // All desks have the same.
    [[nodiscard]] const rules::Content& content() const { return *desks.front().engine->content; }
};

using Engines = std::vector<std::shared_ptr<const hooks::Engine>>;

// The swap is std::atomic_load and atomic_store of a shared_ptr: libstdc++ 12's std::atomic<shared_ptr> unlocks in
// load() with relaxed order, which is a data race.
class Live {
public:
    // One engine a client, at least one. Refers to clients and clock.
    Live(Engines engines, const std::vector<ClientConfig>& clients, const Clock& clock);

    // From any thread.
    [[nodiscard]] std::shared_ptr<const Serving> serving() const { return std::atomic_load(&serving_); }
    // From one thread at a time: a reload that worked, and one that did not.
    void replace(Engines engines);
    void refuse(std::string_view reason);

private:
    const std::vector<ClientConfig>& clients_;
    const Clock& clock_;
    std::shared_ptr<const Serving> serving_;
};

}  // namespace proctor::app
