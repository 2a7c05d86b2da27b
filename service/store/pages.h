// Every row of a feedback store, one after another, read in pages: nothing of it is held but one page.
#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "store/feedback.h"

namespace proctor::store {

inline constexpr std::size_t k_page_rows = 1000;

[[nodiscard]] inline Error store_away() { return {"the feedback store does not answer", ""}; }

// Until `take` gives an error, or the last row. Error: that one, or the store is away.
[[nodiscard]] inline Status each_shown(FeedbackStore& store, const std::function<Status(const ShownCard&)>& take) {
    std::optional<ShownCard> last;
    while (true) {
        const auto page = store.shown_after(last ? &*last : nullptr, k_page_rows);
        if (!page) return store_away();
        for (const auto& row : *page) {
            if (auto taken = take(row); !taken) return taken;
        }
        if (page->size() < k_page_rows) return Done{};
        last = page->back();
    }
}

[[nodiscard]] inline Status each_feedback(FeedbackStore& store,
                                          const std::function<Status(const KeptFeedback&)>& take) {
    std::string last;
    while (true) {
        const auto page = store.feedback_after(last, k_page_rows);
        if (!page) return store_away();
        for (const auto& row : *page) {
            if (auto taken = take(row); !taken) return taken;
        }
        if (page->size() < k_page_rows) return Done{};
        last = page->back().key;
    }
}

}  // namespace proctor::store
