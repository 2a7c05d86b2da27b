#include "app/answer_hook.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ehr/complete.h"
#include "hooks/tally.h"
#include "outbound/url.h"
#include "rules/parse.h"

namespace proctor::app {
namespace {

// CDS Hooks 3.0, FHIR Resource Access: with fhirServer and fhirAuthorization. Only a server that the client is
// registered with is asked: anything else would send its token, and our requests, wherever a caller likes.
std::optional<ehr::Access> access_of(const HookCall& call, const fhir::HookEnvelope& envelope, LogFields& fields) {
    if (call.outbound == nullptr || !envelope.fhirAuthorization || envelope.fhirServer.empty()) return std::nullopt;
    const auto& type = envelope.fhirAuthorization->token_type;
    if (!type.empty() && type != "Bearer") {  // one of another kind would be sent as what it is not
        fields.fetch = outbound::print(outbound::Failure::bad_token);
        return std::nullopt;
    }
    const auto asked = outbound::parse_url(envelope.fhirServer);
    const auto same = [&](const FhirServer& server) { return asked && outbound::parse_url(server.base) == asked; };
    const auto known = std::find_if(call.fhir_servers.begin(), call.fhir_servers.end(), same);
    if (known == call.fhir_servers.end()) {
        fields.fetch = outbound::print(outbound::Failure::not_allowed);
        return std::nullopt;
    }
    return ehr::Access{known->base, envelope.fhirAuthorization->access_token.text, known->private_address,
                       call.traceparent, std::string(call.client)};
}

void count(const HookCall& call, const hooks::Answered& answered, LogFields& fields) {
    const hooks::Tally tally = hooks::tally(*call.engine.content, answered.outcome);
    fields.cards = answered.cards.size();
    if (!answered.quiet.empty()) fields.quiet = answered.quiet.size();
    fields.not_checked = tally.not_checked;
    fields.drafts = tally.drafts;
    fields.codings = answered.codings.codings;
    fields.codings_read = answered.codings.read;
    fields.codings_lost = answered.codings.lost;
}

// What the chart lacked and what of it nobody reads.
void count(const HookCall& call, const fhir::HookDocument& document, LogFields& fields) {
    const fhir::Record& record = document.record;
    for (std::size_t i = 0; i < fhir::k_sources; ++i) {
        const auto source = static_cast<fhir::Source>(i);
        const bool nobody = record[source] == fhir::Supply::absent || record[source] == fhir::Supply::failed;
        if (nobody && hooks::asks_for(call.service, source)) fields.missing.push_back(rules::source_name(source));
    }
    if (call.lost_codes == nullptr) return;
    call.lost_codes->add(call.client, {call.settings.tenant, document.envelope.patientId},
                         fhir::lost_codings(record, call.engine.content->codes, &call.engine.map));
}

}  // namespace

std::variant<hooks::Answered, hooks::Refusal> answer_hook(const HookCall& call, std::string body, LogFields& fields) {
    const fhir::PaddedJson json(std::move(body));
    auto read = hooks::read_request(call.engine, call.settings, json, call.service.id);
    if (auto* refusal = std::get_if<hooks::Refusal>(&read)) return std::move(*refusal);
    if (const auto access = access_of(call, std::get<fhir::HookDocument>(read).envelope, fields)) {
        const auto completion = ehr::complete(std::get<fhir::HookDocument>(read), call.service, call.settings, *access,
                                              *call.outbound, call.deadline);
        fields.fetches = completion.requests;
        fields.fetches_failed = completion.failures;
        if (completion.failure) fields.fetch = outbound::print(*completion.failure);
        if (!completion.searches.empty())
            read = hooks::read_request(call.engine, call.settings, json, call.service.id, completion.searches);
    }
    const auto& document = std::get<fhir::HookDocument>(read);
    count(call, document, fields);
    if (auto refusal = hooks::check_supply(document, hooks::prefetch_keys(call.settings))) return *std::move(refusal);
    const hooks::History history = call.history ? call.history(document.envelope) : hooks::History();
    auto answered = hooks::answer_document(call.engine, call.settings, document, call.now, history);
    count(call, answered, fields);
    return answered;
}

}  // namespace proctor::app
