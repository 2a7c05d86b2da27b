// All of cards/, loaded, checked and compiled: immutable, shared by every request. Loading fails with the file, the
// JSON Pointer and the reason; it never half succeeds.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "rules/model.h"
#include "rules/program.h"

namespace proctor::rules {

struct Case {  // cards/rules/<id>/cases.json
    std::string title;
    std::size_t item = 0;  // which of the file's
    bool also = false;     // it is that one with another code, of its "alsoWith"
    fhir::Instant asOf{};
    std::string bundle;                              // a rendered FHIR Bundle, as JSON text
    std::string hook;                                // whose context the following are; empty: none, every rule runs
    std::string drafts;                              // likewise a Bundle, of context.draftOrders; empty: none
    std::string conditions;                          // of context.conditions
    std::string encounterId;                         // of the context
    std::vector<fhir::Source> notSupplied;           // these sources count as absent
    std::string row;                                 // expected row; empty: no card
    std::string unknownRow;                          // expected row that could not be decided; empty: none
    std::string profile;                             // under which indicator is expected; empty: the row's own
    std::optional<Indicator> indicator;              // expected level of the card
    std::optional<std::vector<std::string>> orders;  // expected: exactly the orders whose conditions hold
    std::optional<std::vector<std::string>> alreadyOrdered;  // expected: exactly the rule's orders that are satisfied
};

struct Manifest {  // cards/manifest.json
    std::string name, version;
    bool approved = false;  // an approval with a date and a role is named
    std::string approval;   // its text
    std::string region;
    std::optional<fhir::Duration> reviewEvery;  // how long a rule's review holds; none: for good
    std::vector<std::string> rules;             // the ids of all there are, so that half a copy is known as one
};

struct LoadedRule {
    Rule rule;
    RuleText text;
    std::string evidence;  // evidence.md
    std::vector<Case> cases;
};

struct Content {
    Manifest manifest;
    std::string revision;  // 12 hex digits of a SHA-256 over all files: changes when any content does
    fhir::CodeTable codes;
    std::vector<ValueSet> valueSets;  // CodeEntry::value_set indexes it
    std::vector<Finding> findings;
    Answers answers;
    std::vector<QuantityKind> quantities;
    std::vector<Score> scores;
    std::vector<Rating> ratings;
    std::vector<Fact> facts;            // shared ones
    std::vector<Condition> conditions;  // each after those it names
    std::vector<Order> orders;
    std::vector<OverrideReason> overrideReasons;
    SourceAttributes sourceAttributes;
    std::vector<LoadedRule> rules;  // by code
    Program program;                // all active and draft rules
};

// Reads, validates against the JSON Schemas and resolves every name. Does not run the cases (see check.h).
Result<std::shared_ptr<const Content>> load_content(const std::filesystem::path& directory);

}  // namespace proctor::rules
