// Key sets of clients, from their addresses and files.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "auth/key_cache.h"
#include "outbound/fetcher.h"

namespace proctor::app {

class ClientKeyServer final : public auth::KeyServer {
public:
    // Refers to all.
    ClientKeyServer(const std::vector<ClientConfig>& clients, outbound::Outbound& outbound, const Clock& clock)
        : clients_(clients), outbound_(outbound), clock_(clock) {}

    [[nodiscard]] Result<auth::KeyDocument> get(const std::string& url) override;
    [[nodiscard]] Result<std::string> read(const std::string& file) override;

private:
    const std::vector<ClientConfig>& clients_;
    outbound::Outbound& outbound_;
    const Clock& clock_;
};

}  // namespace proctor::app
