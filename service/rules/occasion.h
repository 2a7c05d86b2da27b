// The moment of care that a request stands for: when, at which hook, in which encounter. It knows no contexts: what
// they held is in the record, as drafts.
#pragma once

#include <string_view>

#include "fhir/instant.h"

namespace proctor::rules {

struct Occasion {
    Occasion(fhir::Instant at, std::string_view at_hook = {}, std::string_view in_encounter = {})  // NOLINT: an instant
        : now(at), hook(at_hook), encounterId(in_encounter) {}                                     // is an occasion

    fhir::Instant now;
    std::string_view hook;         // empty: none; all rules run
    std::string_view encounterId;  // of the context; empty: none is named
};

// order-select, order-sign, problem-list-item-create: advice is about what is being written, or it is noise.
[[nodiscard]] bool is_writing(std::string_view hook);

}  // namespace proctor::rules
