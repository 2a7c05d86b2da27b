#include "app/chart.h"

#include <utility>

#include "rules/parse_json.h"

namespace proctor::app {

Result<fhir::Record> read_chart(std::string text, const hooks::Engine& engine) {
    const auto peek = rules::parse_json(text);
    const bool is_request = peek.ok() && peek->find("hook") != nullptr;
    const fhir::PaddedJson json(std::move(text));
    const fhir::ReadSetup setup{engine.content->codes, fhir::Zone()};
    if (!is_request) return fhir::read_bundle(json, setup);
    auto document = fhir::read_hook_request(json, hooks::default_keys(), setup);
    if (!document) return document.error();
    return std::move(document).value().record;
}

}  // namespace proctor::app
