
#include "console/api.h"
#include "console/reply.h"

#include "base/json.h"

namespace proctor::console {

http::Response show_session(const Asked& asked) {
    const auto desk = asked.parts.running.desk("");
    const auto& content = *desk->engine->content;
    return json(nlohmann::ordered_json{{"user", asked.user.name},
                                       {"roles", asked.user.roles},
                                       {"version", asked.options.version},
                                       {"content",
                                        {{"name", content.manifest.name},
                                         {"version", content.manifest.version},
                                         {"revision", content.revision},
                                         {"approved", content.manifest.approved}}},
                                       {"demo", asked.options.demo}}
                    .dump());
}

}  // namespace proctor::console
