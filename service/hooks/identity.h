// What makes two cards the same card: a retried call yields the same uuids, any changed input another. It knows no
// texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace proctor::hooks {

// Namespace of all UUIDv5 of this project: uuid5(DNS namespace of RFC 9562, "cards.proctor.example"). Never changed:
// feedback about a card comes back under its uuid.
inline constexpr const char* k_uuid_namespace = "90b1ad26-b82e-520a-8e5a-8f1ccf11526d";

// UUIDv5 of the parts in order. ("ab", "c") and ("a", "bc") differ.
[[nodiscard]] std::string uuid_of(const std::vector<std::string_view>& parts);

// "ADC-12" -> "ADC12": topic codes are alphanumeric (Epic keeps overrides by them).
[[nodiscard]] std::string topic_code(std::string_view rule_code);

}  // namespace proctor::hooks
