// The content that ships, prepared once for a target, and what must hold of whatever it answers.
#pragma once

#include <iostream>

#include "fuzz/input.h"
#include "hooks/answer.h"
#include "hooks/check_answer.h"

namespace proctor::fuzz {

inline const hooks::Engine& engine() {
    static const hooks::Engine made = [] {
        const auto content = rules::load_content(PROCTOR_SOURCE_DIR "/cards");
        if (!content) std::cerr << describe(content.error()) << '\n';
        require(content.ok());
        return hooks::Engine(*content);
    }();
    return made;
}

// 2026-06-15T12:00:00Z, as the seeds are dated for.
inline const fhir::Instant k_now{std::chrono::milliseconds(1'781'524'800'000)};

// CDS Hooks 3.0 has nothing against the cards.
inline void require_sound(const hooks::Answered& answered) {
    require(hooks::check_answer(hooks::write_cards(answered.cards)).faults.empty());
}

inline void require_sound(const hooks::Refusal& refusal) {
    require((refusal.status == 400 || refusal.status == 412 || refusal.status == 413) && !refusal.faults.empty());
    static_cast<void>(hooks::write_operation_outcome(refusal));
}

}  // namespace proctor::fuzz
