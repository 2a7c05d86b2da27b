// The members of the configuration file that hold for all clients or for one, and those of a client. Private to the
// configuration.
#pragma once

#include "app/config.h"
#include "app/config_values.h"

namespace proctor::app {

[[nodiscard]] const std::vector<Member<Site>>& site_members();

// One of "clients", with `common` where it does not say otherwise. `where` of an error is a JSON Pointer within it.
Result<ClientConfig> read_client(const Node& node, const Site& common);

}  // namespace proctor::app
