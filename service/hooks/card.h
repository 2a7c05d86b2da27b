// CDS Hooks wire types of an answer (CDS Hooks 3.0, CDS Service Response), spelled as on the wire. Writing leaves out
// every optional member without a value (the specification forbids null, "", [] and {}).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hooks/history.h"
#include "rules/model.h"

namespace proctor::hooks {

struct Coding {
    std::string system, code, display;
};
struct Source {
    std::string label, url;
    std::optional<Coding> topic;
};
struct Action {
    std::string type, description, resource;
};  // resource: FHIR JSON text
struct Suggestion {
    std::string label, uuid;
    std::vector<Action> actions;
};
struct Link {
    std::string label, url, type;
};

// Why a card is not shown again.
struct Held {
    PastAnswer answer;
    fhir::Instant until{};  // then it is shown again; with new evidence at once
};

struct Card {
    std::string uuid;
    std::string summary;  // fewer than 140 characters
    std::string detail;   // GitHub Flavored Markdown; all chart text escaped
    rules::Indicator indicator = rules::Indicator::info;
    Source source;
    std::vector<Suggestion> suggestions;
    std::string selectionBehavior;  // "any" when there are suggestions
    std::vector<Coding> overrideReasons;
    std::vector<Link> links;
    // Not on the wire: what it is of, for whoever keeps what was shown. A card that is no rule's has neither row nor
    // version.
    std::string rule, row, version;  // the rule's code, the row's id, the rule's version
    std::string evidence;            // digest of what fired it; empty without a History
    std::optional<Held> held = {};   // of a card that was held back
};

// Member of the answer's `extension` (CDS Hooks 3.0, Extensions) that lists what was held back, so that no alarm is
// silent without a trace: [{"rule": "ADC-12", "row": "bleeding", "answered": instant, "outcome": "accepted" or
// "overridden", "reason": code of the override, when there was one, "until": instant}, ...]. Reverse-DNS of the
// project, as the name behind k_uuid_namespace (identity.h) is; never changed.
inline constexpr const char* k_quiet_extension = "example.proctor.quiet";

// {"cards": [...]}, and the extension when cards were held back.
[[nodiscard]] std::string write_cards(const std::vector<Card>& cards, const std::vector<Card>& quiet = {});

}  // namespace proctor::hooks
