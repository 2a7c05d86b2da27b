#include "app/secrets.h"

#include <utility>

namespace proctor::app {

Result<Secrets> load_secrets(const Config& config, Entropy& entropy) {
    Secrets secrets;
    if (!config.identity_keys.empty()) {
        auto keys = store::read_key_file(config.identity_keys);
        if (!keys) return keys.error();
        secrets.identity = std::make_shared<store::IdentityKeys>(std::move(keys).value());
    }
    if (!config.comment_keys.empty()) {
        auto keys = store::read_key_file(config.comment_keys);
        if (!keys) return keys.error();
        secrets.comments = std::make_shared<store::CommentKeys>(std::move(keys).value(), entropy);
    }
    return secrets;
}

}  // namespace proctor::app
