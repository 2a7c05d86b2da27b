// One patient's result as one line of JSON.
#pragma once

#include <string>

#include "hooks/answer.h"

namespace proctor::batch {

struct Evaluated {
    const hooks::Engine& engine;
    const hooks::Settings& settings;
    const fhir::Record& record;
    const hooks::Answered& answered;
    fhir::Instant as_of;
};

// {"patient","asOf","rules":[{"id","code","row","indicator"}],"notChecked":[{"rule","row","missing":[fact
// titles]}],"cards":[...]} without a line end. `rules` is everything active that fired, before merging. Draft rules are
// left out, as on cards.
[[nodiscard]] std::string write_result(const Evaluated& evaluated);

}  // namespace proctor::batch
