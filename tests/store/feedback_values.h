// Cards and feedback that the tests of feedback stores keep.
#pragma once

#include <string>

#include "store/feedback.h"

namespace proctor::store {

inline constexpr WallTime k_noon{std::chrono::milliseconds{1'781'524'800'000}};  // 2026-06-15T12:00:00Z
inline constexpr long k_noon_day = 20'619;
inline constexpr const char* k_one_card = "3a2e6b1c-9d52-5a7e-8c41-0f6d2b9e7a10";

inline ShownCard card_shown(const std::string& card = k_one_card) {
    ShownCard one;
    one.client = "north";
    one.tenant = "t1";
    one.card = card;
    one.service = "anorectal-alarms";
    one.hook = "patient-view";
    one.rule = "ADC-12";
    one.row = "a";
    one.version = "1.0.0";
    one.indicator = "warning";
    one.content = "0123456789ab";
    one.patient = "p1";
    one.user = "u1";
    one.evidence = "e1";
    one.at = k_noon;
    return one;
}

inline CardFeedback card_accepted(const std::string& card = k_one_card) {
    CardFeedback one;
    one.client = "north";
    one.tenant = "t1";
    one.service = "anorectal-alarms";
    one.card = card;
    one.accepted = true;
    one.suggestions = {"s1", "s2"};
    one.outcome_at = k_noon;
    one.received_at = k_noon + std::chrono::seconds{5};
    return one;
}

inline CardFeedback card_overridden(const std::string& card = k_one_card) {
    CardFeedback one = card_accepted(card);
    one.accepted = false;
    one.suggestions.clear();
    one.reason_system = "https://a.example/CodeSystem/override-reason";
    one.reason_code = "already-ordered";
    one.comment = "sealed-comment";
    return one;
}

}  // namespace proctor::store
