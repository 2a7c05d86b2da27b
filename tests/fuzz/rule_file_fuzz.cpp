// Any bytes as a file of the content, its kind in the first line: problems with a place, or values that compile, print
// and run their own cases. The other files are the small content of tests/rules/sample.
#include <array>
#include <iostream>

#include "fuzz/input.h"
#include "rules/check.h"
#include "rules/compile.h"
#include "rules/parse.h"
#include "rules/print.h"
#include "rules/schema.h"

using namespace proctor;
using namespace proctor::fuzz;
using rules::Content;
using rules::Reader;

namespace {

const Content& sample() {
    static const auto content = rules::load_content(PROCTOR_SOURCE_DIR "/tests/rules/sample");
    if (!content) std::cerr << describe(content.error()) << '\n';
    require(content.ok());
    return **content;
}

const rules::Schemas& schemas() {
    static const auto made = rules::Schemas::load(PROCTOR_SOURCE_DIR "/cards/schemas").value();
    return *made;
}

// What is read and good is used: it must stand alone, so nothing else of the content refers to it.
void use(Content& content) {
    content.program = rules::compile(content);
    const rules::FactLookup lookup(content);
    static_cast<void>(rules::check_content(content, lookup));
    for (const auto& rule : content.rules) {
        require(!rules::print_english(content, rule).empty());
        static_cast<void>(rules::print_program(content, rule));
    }
}

// The sample with its first rule alone, in which the file takes a place.
struct Kind {
    const char* name;
    bool usable;  // nothing that was read before depends on it
    void (*read)(const Reader& at, Content& content);
};

constexpr std::array k_kinds{
    Kind{"rule", true,
         [](const Reader& at, Content& content) {
             content.rules[0].cases.clear();
             content.rules[0].rule = rules::read_rule(at, content);
         }},
    Kind{"cases", true,
         [](const Reader& at, Content& content) {
             content.rules[0].cases = rules::read_cases(at, content.rules[0].rule);
         }},
    Kind{"text", false,
         [](const Reader& at, Content& content) {
             content.rules[0].text = rules::read_text(at, content.rules[0].rule);
         }},
    Kind{"valueset", false, rules::read_value_set},
    Kind{"findings", false, rules::read_findings},
    Kind{"answers", false, rules::read_answers},
    Kind{"quantities", false, rules::read_quantities},
    Kind{"scores", false, rules::read_scores},
    Kind{"facts", false, rules::read_facts},
    Kind{"conditions", false, rules::read_conditions},
    Kind{"orders", false, rules::read_orders},
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto [name, text] = split_line(text_of(data, size));
    for (const Kind& kind : k_kinds) {
        if (name != kind.name) continue;
        const auto document = rules::parse_json(text);
        rules::Problems problems;
        if (!document || !schemas().check(kind.name, text, "file", problems)) break;
        Content content = sample();
        content.rules.resize(1);
        kind.read(Reader(&*document, "file", problems), content);
        if (problems.all.empty() && kind.usable) use(content);
        for (const Error& problem : problems.all) require(!problem.message.empty() && !problem.where.empty());
    }
    return 0;
}
