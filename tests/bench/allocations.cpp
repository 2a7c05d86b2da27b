// No allocation a resource: what reading and evaluating a chart asks of the heap, for charts that grow tenfold. Tables
// that double ask a few times more; a list for each resource would ask thousands of times. Fails then.
#include <cstdio>
#include <cstdlib>
#include <new>

#include "chart.h"
#include "rules/evaluate.h"

namespace {

std::size_t asked = 0;  // one thread

}  // namespace

void* operator new(std::size_t size) {
    ++asked;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace proctor::bench {
namespace {

struct Judged {
    std::size_t resources = 0, allocations = 0;
};

Judged judge(const rules::Content& content, const rules::FactLookup& lookup, std::size_t bytes) {
    const fhir::PaddedJson json(hook_request({.bytes = bytes}));
    Judged judged;
    for (int i = 0; i < 2; ++i) {  // the first one also fills what the words' automata keep
        const std::size_t before = asked;
        const auto document = fhir::read_hook_request(json, keys(), {content.codes, fhir::Zone{}});
        if (!document) std::puts("the request was refused"), std::exit(1);
        auto facts = lookup.look_up(document->record, {now(), "patient-view", ""});
        const auto outcome = rules::evaluate(content, std::move(facts), "patient-view");
        judged = {document->record.resources.size(), asked - before};
    }
    std::printf("%zu bytes, %zu resources: %zu allocations\n", json.bytes().size(), judged.resources,
                judged.allocations);
    return judged;
}

int run() {
    const auto content = rules::load_content(PROCTOR_SOURCE_DIR "/cards");
    if (!content) return std::fprintf(stderr, "%s\n", describe(content.error()).c_str()), 1;
    const rules::FactLookup lookup(**content);
    Judged smaller = judge(**content, lookup, 60'000);
    for (const std::size_t bytes : {600'000, 6'000'000}) {
        const Judged larger = judge(**content, lookup, bytes);
        const std::size_t more = larger.resources - smaller.resources;
        if (larger.allocations > smaller.allocations + more / 2) return std::puts("more than one for two resources"), 1;
        smaller = larger;
    }
    return 0;
}

}  // namespace
}  // namespace proctor::bench

int main() { return proctor::bench::run(); }
