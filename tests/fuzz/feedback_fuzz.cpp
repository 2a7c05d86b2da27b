// Any bytes as a batch of feedback: items within their limits, or a refusal with faults; never a crash.
#include <algorithm>
#include <string_view>

#include "base/digest.h"
#include "base/limits.h"
#include "fuzz/input.h"
#include "hooks/feedback.h"

using namespace proctor::fuzz;

namespace {

using namespace proctor;

void require_sound(const hooks::FeedbackItem& item) {
    require(is_uuid(item.card));
    const auto& ids = item.acceptedSuggestions;
    require(item.accepted == !ids.empty() && ids.size() <= limits::k_feedback_suggestions);
    require(std::all_of(ids.begin(), ids.end(), [](const auto& id) { return is_uuid(id); }));
    require(std::is_sorted(ids.begin(), ids.end()) && std::adjacent_find(ids.begin(), ids.end()) == ids.end());
    require(!item.accepted || (!item.overrideReason && item.userComment.empty()));
    require(item.userComment.size() <= limits::k_comment_bytes);
    require(item.userComment.find('\0') == std::string::npos);
    if (!item.overrideReason) return;
    const auto& [system, code] = *item.overrideReason;
    require(!code.empty() && code.size() <= limits::k_reason_code_characters && code.find(' ') == std::string::npos);
    require(system.size() <= limits::k_reason_system_characters && system.find(' ') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = hooks::read_feedback(text_of(data, size));
    if (const auto* items = std::get_if<std::vector<hooks::FeedbackItem>>(&read)) {
        require(!items->empty() && items->size() <= limits::k_feedback_items);
        for (const auto& item : *items) require_sound(item);
    } else {
        const auto& refusal = std::get<hooks::Refusal>(read);
        require((refusal.status == 400 || refusal.status == 413) && !refusal.faults.empty());
        static_cast<void>(hooks::write_operation_outcome(refusal));
    }
    return 0;
}
