// Looking up facts: Program facts x Record x now -> one Fact_result each, with the resources that made it so and the
// data that could not be used. What makes a fact lives behind this header: status, negation, windows, durations, units,
// text. Pure: `now` is a value.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "fhir/record.h"
#include "rules/content.h"
#include "rules/occasion.h"
#include "rules/site.h"
#include "rules/truth.h"

namespace proctor::rules {

struct FactResult {
    Truth truth = Truth::no;                    // present; for a valued fact: a usable value exists
    std::optional<fhir::Range> value;           // in the quantity's canonical unit, years for age, days for durations
    std::optional<fhir::Instant> time;          // of the value or the event
    std::vector<fhir::ResourceIndex> evidence;  // resources that made it yes, ascending, no duplicates
};

enum class IssueKind : std::uint8_t { future, abatement, status, stale, undated, unit, implausible, comparator, text };
[[nodiscard]] std::string_view print(IssueKind kind);  // names in {"quality": [...]}

struct Issue {
    IssueKind kind{};
    fhir::ResourceIndex resource = 0;
    std::string_view subject;  // finding or quantity id, of the content; empty for `future` Observations
    friend bool operator==(const Issue&, const Issue&) = default;
};

// The fact asks for issues of this kind about this subject.
[[nodiscard]] bool concerns(const QualityFact& fact, const Issue& issue);

struct Facts {
    std::vector<FactResult> results;  // by FactIndex
    std::vector<Issue> issues;        // no duplicates
};

// What fact lookup prepares once per Content: compiled words, index from code rows to facts. Immutable and thread-safe.
class FactLookup {
public:
    explicit FactLookup(const Content& content);  // refers to content; uses all of it
    FactLookup(const Content& content, const SiteChoices& site);
    ~FactLookup();
    FactLookup(const FactLookup&) = delete;
    FactLookup& operator=(const FactLookup&) = delete;

    [[nodiscard]] Facts look_up(const fhir::Record& record, const Occasion& occasion) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace proctor::rules
