// What was said before about one patient's cards, as values: read from a store beforehand, so that answering stays a
// pure function. It knows no store and no patient.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "fhir/instant.h"

namespace proctor::hooks {

struct PastAnswer {
    std::string rule, row, evidence;  // of the card: Card::rule, row and evidence
    bool accepted = false;
    std::string reason;  // code of an override; may be empty
    fhir::Instant at{};  // received
};

struct History {
    // Secret of this patient, by which evidence is digested: what the store keeps says nothing to whoever guesses
    // values. Empty: cards have no evidence, and nothing is compared.
    std::string salt;
    std::vector<PastAnswer> answers;  // oldest first
    std::chrono::days quiet{0};       // how long an answer holds; 0: all is shown
};

}  // namespace proctor::hooks
