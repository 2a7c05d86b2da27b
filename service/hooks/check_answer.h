// What CDS Hooks 3.0 says against what some service sent: an answer to a hook, or a discovery document. For the
// integrator's command, which calls any service; answer() and write_discovery() are held to the same by tests. It knows
// no HTTP.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace proctor::hooks {

// `where` is the JSON Pointer; the message names the requirement and never repeats a value.
struct Findings {
    std::vector<Error> faults;  // SHALL, REQUIRED
    std::vector<Error> notes;   // SHOULD, and what costs the client something
};

// CDS Hooks 3.0, CDS Service Response, Card Attributes and what they hold; and of every JSON document, Fields. A body
// that is longer than limits::k_body_bytes or not JSON has that one fault.
[[nodiscard]] Findings check_answer(std::string_view body);

// CDS Hooks 3.0, Discovery and Prefetch Template.
[[nodiscard]] Findings check_discovery(std::string_view body);

}  // namespace proctor::hooks
