// Two evaluators, one answer: the compiled rules that ship and a plain walk over them agree, on the facts of a fuzzed
// Bundle, and on facts drawn from the bytes.
#include <algorithm>

#include "fuzz/engine.h"
#include "support/drawn_facts.h"

using namespace proctor;
using namespace proctor::fuzz;

namespace {

void compare(const rules::Facts& facts) {
    const auto& content = *engine().content;
    rules::NamedFacts named;
    for (std::size_t i = 0; i < facts.results.size(); ++i)
        named.emplace(content.program.facts[i].name, facts.results[i]);
    const auto outcome = rules::evaluate(content, facts, "");
    for (const auto& compiled : content.program.rules)
        require(answer_of(outcome, compiled.rule) == walk(content, named, content.rules[compiled.rule].rule));
}

void compare_on_bundle(const std::string& json) {
    const fhir::PaddedJson bytes(json);
    const auto record = fhir::read_bundle(bytes, hooks::read_setup(engine(), {}));
    if (record) compare(engine().lookup.look_up(*record, {k_now, "patient-view", {}}));
}

// A byte a choice; where they end, the first choice.
void compare_on_bytes(const std::string& bytes) {
    static const rules::FactDrawer drawer(engine().content->program);
    std::size_t at = 0;
    const auto below = [&](int n) { return at < bytes.size() ? static_cast<unsigned char>(bytes[at++]) % n : 0; };
    compare(rules::in_order(engine().content->program, drawer.draw(below)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    if (text.starts_with('{'))
        compare_on_bundle(text);
    else
        compare_on_bytes(text);
    return 0;
}
