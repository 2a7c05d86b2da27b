// How charts deny, as cards/answers.json spells it. It knows no text.
#pragma once

#include <string>
#include <vector>

namespace proctor::rules {

// RE2 patterns.
struct ClauseWords {
    std::string clauseEnd;
    std::vector<std::string> negations;         // before a term in its clause: it is denied
    std::vector<std::string> notNow;            // before a term in its clause: of another time or person
    std::vector<std::string> negatingPrefixes;  // right before a term: that term is denied
    std::vector<std::string> negatesNothing;    // a negation or notNow in it is none: "no improvement in"
};

}  // namespace proctor::rules
