// The keys of what is kept about people, as the configuration names their files.
#pragma once

#include <memory>

#include "app/config.h"
#include "base/entropy.h"
#include "base/result.h"
#include "store/secrets.h"

namespace proctor::app {

struct Secrets {
    std::shared_ptr<const store::IdentityKeys> identity;  // null: nobody is told apart
    std::shared_ptr<const store::CommentKeys> comments;   // null: comments are dropped
};

// Error: a file that is named and cannot be used. What is returned refers to the entropy.
[[nodiscard]] Result<Secrets> load_secrets(const Config& config, Entropy& entropy);

}  // namespace proctor::app
