// Feedback of a client about cards that it was shown (CDS Hooks 3.0, Feedback): bytes to values, or every fault in
// them. It knows no store and no HTTP.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fhir/instant.h"
#include "hooks/request.h"

namespace proctor::hooks {

// A Coding without its display: what a client says of it is its own text.
struct OverrideReason {
    std::string system, code;
    friend bool operator==(const OverrideReason&, const OverrideReason&) = default;
};

struct FeedbackItem {
    std::string card;                              // lower-case UUID
    bool accepted = false;                         // outcome: accepted, otherwise overridden
    std::vector<std::string> acceptedSuggestions;  // their ids: lower-case UUIDs, sorted, each once
    std::optional<OverrideReason> overrideReason;
    std::string userComment;  // of an override: free text about a patient; empty: none
    fhir::Instant outcomeTimestamp{};
};

// One body, a batch of at least one item. The same card may come several times. Unknown members are ignored, and what
// belongs to the other outcome. A reason is a Coding that fits a card's: a code of letters, digits and . _ - (limits.h
// says how many), a system without white space; so no sentence about a patient can come as one. A comment has no
// U+0000.
//
// 413, or 400 with every fault of the batch; faults name places ("Feedback.feedback[2].outcome") and repeat nothing of
// the caller's.
[[nodiscard]] std::variant<std::vector<FeedbackItem>, Refusal> read_feedback(std::string_view body);

}  // namespace proctor::hooks
