// Any bytes as a hook request: cards that CDS Hooks has nothing against, or a refusal, with the content that ships.
#include "fuzz/engine.h"

using namespace proctor;
using namespace proctor::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fhir::PaddedJson body(text_of(data, size));
    const auto answered = hooks::answer(engine(), {}, body, hooks::k_service_id, k_now);
    std::visit([](const auto& one) { require_sound(one); }, answered);
    return 0;
}
