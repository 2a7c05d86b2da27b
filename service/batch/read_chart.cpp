#include "batch/read_chart.h"

#include <utility>
#include <variant>

#include "batch/documents.h"

namespace proctor::batch {
namespace {

constexpr const char* k_no_instance = "00000000-0000-0000-0000-000000000000";

Error refused(const hooks::Refusal& refusal) {
    std::string message;
    for (const auto& fault : refusal.faults) message += (message.empty() ? "" : "; ") + fault.diagnostics;
    return {std::move(message), {}};
}

Result<fhir::HookDocument> read_request(const fhir::PaddedJson& json, const hooks::Engine& engine,
                                        const hooks::Settings& settings) {
    auto read = hooks::read_request(engine, settings, json, hooks::k_any_service);
    if (const auto* refusal = std::get_if<hooks::Refusal>(&read)) return refused(*refusal);
    auto& document = std::get<fhir::HookDocument>(read);
    if (const auto refusal = hooks::check_supply(document, hooks::prefetch_keys(settings))) return refused(*refusal);
    return std::move(document);
}

}  // namespace

Result<fhir::HookDocument> read_chart(const fhir::PaddedJson& json, const hooks::Engine& engine,
                                      const hooks::Settings& settings, std::string_view hook) {
    if (is_hook_request(json.bytes())) return read_request(json, engine, settings);
    auto record = fhir::read_bundle(json, hooks::read_setup(engine, settings));
    if (!record) return record.error();
    fhir::HookDocument document{{}, std::move(record).value()};
    document.envelope.hook = hook;
    document.envelope.hookInstance = k_no_instance;
    return document;
}

}  // namespace proctor::batch
