#include "app/live.h"

#include <utility>

#include "hooks/discovery.h"

namespace proctor::app {

Live::Live(Engines engines, const std::vector<ClientConfig>& clients, const Clock& clock)
    : clients_(clients), clock_(clock) {
    replace(std::move(engines));
}

void Live::replace(Engines engines) {
    Serving serving;
    serving.since = clock_.now();
    for (std::size_t i = 0; i < engines.size(); ++i) {
        auto discovery = hooks::write_discovery(*engines[i]->content, clients_[i].site.settings);
        serving.desks.push_back({std::move(engines[i]), std::move(discovery)});
    }
    std::atomic_store(&serving_, std::make_shared<const Serving>(std::move(serving)));
}

void Live::refuse(std::string_view reason) {
    Serving same = *serving();
    same.refused = reason;
    same.refused_at = clock_.now();
    std::atomic_store(&serving_, std::make_shared<const Serving>(std::move(same)));
}

}  // namespace proctor::app
