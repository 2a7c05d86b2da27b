#include "app/live.h"

#include <utility>

#include "hooks/discovery.h"

namespace proctor::app {

Live::Live(std::shared_ptr<const hooks::Engine> engine, const hooks::Settings& settings, const Clock& clock)
    : settings_(settings), clock_(clock) {
    replace(std::move(engine));
}

void Live::replace(std::shared_ptr<const hooks::Engine> engine) {
    auto discovery = hooks::write_discovery(*engine->content, settings_);
    std::atomic_store(&serving_, std::make_shared<const Serving>(
                                     Serving{std::move(engine), std::move(discovery), clock_.now(), {}, {}}));
}

void Live::refuse(std::string_view reason) {
    Serving same = *serving();
    same.refused = reason;
    same.refused_at = clock_.now();
    std::atomic_store(&serving_, std::make_shared<const Serving>(std::move(same)));
}

}  // namespace proctor::app
