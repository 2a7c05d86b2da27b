// What must hold before the service answers anybody: a configuration that is safe, content that is whole,
// checked and approved. Each refusal is one sentence.
#pragma once

#include <memory>

#include "app/config.h"
#include "base/result.h"
#include "hooks/answer.h"

namespace proctor::app {

// The configuration as it will be used. Demo: loopback, every origin, unapproved content and unauthenticated
// clients are fine, and cards say so. Otherwise: an error for whatever only a demonstration may have, and for
// a statement that is missing.
Result<Config> settle(Config config, bool demo);

// Loads the content, runs its cases and looks at its approval and at who could change it. Gives what will answer.
Result<std::shared_ptr<const hooks::Engine>> load_for_service(const Config& config);

}  // namespace proctor::app
