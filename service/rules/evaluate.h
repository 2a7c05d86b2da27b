// Program x Facts -> what fires. Rows are tried in order; the first yes decides. An unknown row stops the walk: missing
// data cannot lower an indicator. The rule then fires with the first later row that is yes (what is certain), and the
// unknown rows are named.
#pragma once

#include <string>
#include <vector>

#include "rules/facts.h"

namespace proctor::rules {

struct Fired {
    std::uint32_t rule = 0;  // index into Content::rules
    std::uint32_t row = 0;
    std::vector<fhir::ResourceIndex> evidence;  // of every fact that made the row yes
    std::vector<FactIndex> facts;               // those facts, in program order
    std::vector<std::uint32_t> orders;          // indices into Rule::orders whose condition is yes
};

struct NotChecked {
    std::uint32_t rule = 0;
    std::uint32_t row = 0;           // the row that is unknown, or is a yes in spite of an unknown exclusion
    std::vector<FactIndex> missing;  // the facts that left it open
};

struct Outcome {
    std::vector<Fired> fired;  // in content order
    // Every unknown row that came before a yes, or any unknown row when none is yes; and a yes that did not wait for an
    // exclusion that is unknown (`notKnown`).
    std::vector<NotChecked> not_checked;
    std::vector<Truth> slots;  // by Slot, for explain
    Facts facts;
};

// Rules whose hooks do not include `hook` are skipped; an empty hook runs all.
[[nodiscard]] Outcome evaluate(const Content& content, Facts facts, std::string_view hook);

// How urgent the row's card is; a profile that the row does not name leaves its own indicator.
[[nodiscard]] Indicator indicator_of(const Row& row, const std::string& profile);

// Kleene comparison of a range with a threshold.
[[nodiscard]] Truth compare(const fhir::Range& value, CompareOp op, Endpoint endpoint, Micro threshold);

}  // namespace proctor::rules
