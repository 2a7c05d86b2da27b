#include "app/chart.h"

#include <utility>

#include "batch/documents.h"

namespace proctor::app {

Result<fhir::Record> read_chart(std::string text, const hooks::Engine& engine, const hooks::Settings& settings) {
    const bool is_request = batch::is_hook_request(text);
    const fhir::PaddedJson json(std::move(text));
    const auto setup = hooks::read_setup(engine, settings);
    if (!is_request) return fhir::read_bundle(json, setup);
    auto document = fhir::read_hook_request(json, hooks::prefetch_keys(settings), setup);
    if (!document) return document.error();
    return std::move(document).value().record;
}

}  // namespace proctor::app
