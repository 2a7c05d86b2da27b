// Every limit has a number, a name, a reason and a test. Sizes are bytes unless the name says otherwise.
#pragma once

#include <cstddef>

namespace proctor::limits {

// One hook request. A year's chart of a frequent attender measures 2-4 MB; nginx enforces the same number first.
inline constexpr std::size_t k_body_bytes = 8U << 20U;
// JSON nesting. FHIR charts reach about 20; deeper input is an attack on recursion.
inline constexpr std::size_t k_json_depth = 64;
// JSON values in one document: bounds the time of every walk over it.
inline constexpr std::size_t k_json_nodes = 500'000;
// One JSON string. Attachments are the only long ones, and nothing here reads them.
inline constexpr std::size_t k_string_bytes = 1U << 20U;
// Resources taken from one request or Bundle.
inline constexpr std::size_t k_resources = 100'000;
// CDS Hooks 3.0, Card Attributes: a summary is fewer than 140 characters.
inline constexpr std::size_t k_summary_characters = 139;
// Cards beside the critical ones; further cards are gathered into one. Fewer, better cards.
inline constexpr std::size_t k_cards = 5;
// Characters of chart text repeated in a card: enough to recognise the entry, too few to bury the advice.
inline constexpr std::size_t k_quoted_characters = 120;

}  // namespace proctor::limits
