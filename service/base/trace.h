// W3C Trace Context (https://www.w3.org/TR/trace-context/), version 00: which requests belong together, through all the
// systems that pass this on. It knows no HTTP. A trace id is a number and says nothing of a patient.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/entropy.h"

namespace proctor {

struct Trace {
    std::string id;        // 32 lower-case hex digits, not all zero
    bool sampled = false;  // the caller records it
    friend bool operator==(const Trace&, const Trace&) = default;
};

// A traceparent header's value. Nothing for whatever is not exactly that: the header counts as not sent.
[[nodiscard]] std::optional<Trace> read_traceparent(std::string_view header);
[[nodiscard]] Trace new_trace(Entropy& entropy);

// For requests of ours that belong to it: the same trace-id, a parent-id of our own.
[[nodiscard]] std::string write_traceparent(const Trace& trace, Entropy& entropy);

}  // namespace proctor
