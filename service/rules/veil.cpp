#include "rules/veil.h"

#include <algorithm>

namespace proctor::rules {

Veil::Veil(const Content& content, const SiteChoices& site) : content_(&content) {
    std::vector<std::string> words;
    for (const Finding& finding : content.findings) {
        if (shows(site, finding)) continue;
        words.insert(words.end(), finding.sensitive->words.begin(), finding.sensitive->words.end());
        Hidden hidden{{}, Words(finding.words), finding.sensitive->instead};
        const auto add = [&](std::string_view set) {
            if (const SetIndex index = set_named(content, set); index != k_no_set) hidden.sets.push_back(index);
        };
        add(finding.valueSet);
        add("settles/" + finding.id);
        for (const Settling& settling : finding.settledBy) add(settling.valueSet);
        hidden_.push_back(std::move(hidden));
    }
    words_ = Words(words);
}

// Whatever the use of the row: a code that counts for nothing gives away as much.
bool Veil::names(const fhir::Coding& coding, const Hidden& hidden) const {
    return std::ranges::any_of(content_->codes.rows(coding.id), [&](std::uint32_t row) {
        return std::ranges::find(hidden.sets, content_->codes.row(row).value_set) != hidden.sets.end();
    });
}

std::string_view Veil::instead_of(std::span<const fhir::Coding> codings, std::string_view text) const {
    for (const Hidden& one : hidden_) {
        if (one.said.in(text) || std::ranges::any_of(codings, [&](const fhir::Coding& c) { return names(c, one); }))
            return one.instead;
    }
    return {};
}

std::string_view Veil::instead_of(const std::vector<std::string>& value_sets) const {
    std::string_view instead;
    if (hidden_.empty()) return instead;
    for (const std::string& id : value_sets) {
        const SetIndex set = set_named(*content_, id);
        const auto hidden = std::ranges::find_if(
            hidden_, [&](const Hidden& one) { return std::ranges::find(one.sets, set) != one.sets.end(); });
        if (hidden == hidden_.end()) return {};
        instead = hidden->instead;
    }
    return instead;
}

bool Veil::hides(std::string_view text) const { return !text.empty() && words_.in(text); }

}  // namespace proctor::rules
