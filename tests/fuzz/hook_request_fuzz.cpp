// Any bytes as a hook request: an answer or a refusal, never a crash, with the content that ships.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "hooks/answer.h"

namespace {

const proctor::hooks::Engine& engine() {
    static const auto content = proctor::rules::load_content(PROCTOR_SOURCE_DIR "/cards");
    if (!content) {
        std::cerr << proctor::describe(content.error()) << '\n';
        std::abort();
    }
    static const proctor::hooks::Engine loaded(*content);
    return loaded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const proctor::fhir::PaddedJson body(std::string(reinterpret_cast<const char*>(data), size));
    const auto now = proctor::fhir::Instant(std::chrono::milliseconds(1'781'524'800'000));
    const auto answered = proctor::hooks::answer(engine(), {}, body, proctor::hooks::k_service_id, now);
    if (const auto* answer = std::get_if<proctor::hooks::Answered>(&answered)) {
        static_cast<void>(proctor::hooks::write_cards(answer->cards));
    } else {
        static_cast<void>(proctor::hooks::write_operation_outcome(std::get<proctor::hooks::Refusal>(answered)));
    }
    return 0;
}
