#include "hooks/answer.h"

#include <algorithm>

#include "base/limits.h"
#include "hooks/compose.h"
#include "hooks/hook_table.h"

namespace proctor::hooks {
namespace {

// deceasedBoolean true, or a deceasedDateTime that is not in the future. A date of today counts.
bool is_deceased(const fhir::Patient& patient, fhir::Instant now) {
    return patient.deceased && (!patient.deceased_time || patient.deceased_time->earliest <= now);
}

// "/prefetch/conditions" -> "Request.prefetch.conditions". Only plain names: a member's name is the caller's
// text.
std::string expression_of(const std::string& pointer) {
    const auto plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '/';
    };
    if (pointer.empty() || pointer.front() != '/' || !std::all_of(pointer.begin(), pointer.end(), plain)) return {};
    std::string expression = "Request" + pointer;
    std::replace(expression.begin(), expression.end(), '/', '.');
    return expression;
}

Refusal unreadable(const Error& error) { return {400, {{"structure", error.message, expression_of(error.where)}}}; }

}  // namespace

fhir::ReadSetup read_setup(const Engine& engine, const Settings& settings) {
    return {engine.content->codes, settings.zone, &engine.map};
}

rules::Outcome assess(const Engine& engine, const fhir::Record& record, const rules::Occasion& occasion) {
    if (is_deceased(record.patient, occasion.now)) return {};
    auto outcome = rules::evaluate(*engine.content, engine.lookup.look_up(record, occasion), occasion.hook);
    const auto is_off = [&](const auto& one) { return engine.off[one.rule]; };
    std::erase_if(outcome.fired, is_off);
    std::erase_if(outcome.not_checked, is_off);
    return outcome;
}

std::variant<fhir::HookDocument, Refusal> read_request(const Engine& engine, const Settings& settings,
                                                       const fhir::PaddedJson& body, std::string_view service,
                                                       const std::vector<fhir::FetchedSearch>& fetched) {
    if (body.bytes().size() > limits::k_body_bytes) return Refusal{413, {{"too-long", "the request is too large", {}}}};
    auto document = fhir::read_hook_request(body, prefetch_keys(settings), read_setup(engine, settings), fetched);
    if (!document) return unreadable(document.error());
    if (auto refusal = check_envelope(document->envelope, service)) return *std::move(refusal);
    return std::move(document).value();
}

Answered answer_document(const Engine& engine, const Settings& settings, const fhir::HookDocument& document,
                         fhir::Instant now, const History& history) {
    const auto& envelope = document.envelope;
    const HookContext* hook = find_hook(envelope.hook);
    Answered answered{{},
                      assess(engine, document.record, {now, envelope.hook, envelope.encounterId}),
                      fhir::totals_of(document.record),
                      hook == nullptr ? std::string_view() : hook->hook};
    answered.patient = envelope.patientId;
    answered.user = envelope.userId;
    auto composed =
        compose({*engine.content, answered.outcome, document.record, settings, now, envelope.hookInstance,
                 envelope.encounterId, engine.veil, hook == nullptr ? k_service_id : hook->service, &history});
    answered.cards = std::move(composed.cards);
    answered.quiet = std::move(composed.quiet);
    return answered;
}

std::variant<Answered, Refusal> answer(const Engine& engine, const Settings& settings, const fhir::PaddedJson& body,
                                       std::string_view service, fhir::Instant now, const History& history) {
    auto read = read_request(engine, settings, body, service);
    if (auto* refusal = std::get_if<Refusal>(&read)) return std::move(*refusal);
    const auto& document = std::get<fhir::HookDocument>(read);
    if (auto refusal = check_supply(document, prefetch_keys(settings))) return *std::move(refusal);
    return answer_document(engine, settings, document, now, history);
}

}  // namespace proctor::hooks
