// The core: request bytes + content + now -> answer. Pure: no clock, network, disk, lock or randomness. The server, the
// batch evaluator, the explainer and the tests call these functions and no others.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hooks/card.h"
#include "hooks/history.h"
#include "hooks/request.h"
#include "hooks/settings.h"
#include "rules/evaluate.h"
#include "rules/veil.h"

namespace proctor::hooks {

// Content with what is prepared from it once for a client: its site's choices and code maps. Immutable; shared by all
// threads.
struct Engine {
    explicit Engine(std::shared_ptr<const rules::Content> loaded, const rules::SiteChoices& site = {},
                    fhir::CodeMap codes = {})
        : content(std::move(loaded)),
          map(std::move(codes)),
          lookup(*content, site),
          veil(*content, site),
          off(rules::switched_off(site, *content)) {}
    std::shared_ptr<const rules::Content> content;
    fhir::CodeMap map;
    rules::FactLookup lookup;
    rules::Veil veil;
    std::vector<bool> off;  // by rule
};

// What the readers of fhir/ are told. Refers to the engine.
[[nodiscard]] fhir::ReadSetup read_setup(const Engine& engine, const Settings& settings);

// Facts and rules for one patient, without the rules that the site switched off. A deceased patient (as of now) fires
// nothing.
[[nodiscard]] rules::Outcome assess(const Engine& engine, const fhir::Record& record, const rules::Occasion& occasion);

struct Answered {
    std::vector<Card> cards;
    rules::Outcome outcome;
    fhir::CodingTotals codings;
    std::string_view hook = {};    // of hook_table(), or empty
    std::vector<Card> quiet = {};  // cards held back, as they were answered before; with Card::held, without texts
    // context.patientId and userId, for whoever keeps hashes of them; never logged.
    std::string patient = {}, user = {};
};

// The steps of answer(): bytes to a document whose envelope may be answered; whether enough came (check_supply in
// request.h); a document to cards. `fetched`: what a FHIR server supplied for the document that was read before.
// `history`: what was said before about this patient's cards (hooks/quiet.h).
[[nodiscard]] std::variant<fhir::HookDocument, Refusal> read_request(
    const Engine& engine, const Settings& settings, const fhir::PaddedJson& body, std::string_view service,
    const std::vector<fhir::FetchedSearch>& fetched = {});
[[nodiscard]] Answered answer_document(const Engine& engine, const Settings& settings,
                                       const fhir::HookDocument& document, fhir::Instant now,
                                       const History& history = {});

// One hook request. `service`: the id of the endpoint, or k_any_service.
[[nodiscard]] std::variant<Answered, Refusal> answer(const Engine& engine, const Settings& settings,
                                                     const fhir::PaddedJson& body, std::string_view service,
                                                     fhir::Instant now, const History& history = {});

}  // namespace proctor::hooks
