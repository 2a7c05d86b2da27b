// What a site's cards must not show: entries of sensitive findings (findings.json) whose category its configuration
// does not list, and chart texts that speak of them. Prepared once; immutable and thread-safe. It decides nothing
// clinical.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/find_codes.h"
#include "rules/site.h"
#include "rules/words.h"

namespace proctor::rules {

class Veil {
public:
    Veil() = default;                                       // hides nothing
    Veil(const Content& content, const SiteChoices& site);  // refers to content

    // What a card says in place of an entry with these codings and text; empty: it may say the entry.
    [[nodiscard]] std::string_view instead_of(std::span<const fhir::Coding> codings, std::string_view text) const;
    // The same for a fact that looks in these value sets and no others.
    [[nodiscard]] std::string_view instead_of(const std::vector<std::string>& value_sets) const;
    // A card must not repeat this text of the chart.
    [[nodiscard]] bool hides(std::string_view text) const;

private:
    struct Hidden {
        std::vector<SetIndex> sets;
        Words said;  // by which a chart without codes says the finding
        std::string_view instead;
    };
    [[nodiscard]] bool names(const fhir::Coding& coding, const Hidden& hidden) const;

    const Content* content_ = nullptr;
    std::vector<Hidden> hidden_;
    Words words_;  // that give one of them away
};

}  // namespace proctor::rules
