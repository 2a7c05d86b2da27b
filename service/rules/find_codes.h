// Which value sets a coding stands in. Names of the content become indices once; a request only compares numbers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "fhir/record.h"
#include "rules/content.h"

namespace proctor::rules {

using SetIndex = std::uint16_t;
inline constexpr SetIndex k_no_set = 0xFFFF;

// Its rows name ingredients; products count by their ingredient.
inline constexpr std::string_view k_rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm";

[[nodiscard]] inline SetIndex set_named(const Content& content, std::string_view id) {
    for (std::size_t i = 0; i < content.valueSets.size(); ++i) {
        if (!id.empty() && content.valueSets[i].id == id) return static_cast<SetIndex>(i);
    }
    return k_no_set;
}

// A row of the set covers one of the codings, whatever its use but `context`.
[[nodiscard]] inline bool stands_in(const fhir::CodeTable& codes, std::span<const fhir::Coding> codings, SetIndex set) {
    return std::any_of(codings.begin(), codings.end(), [&](const fhir::Coding& coding) {
        const auto rows = codes.rows(coding.id);
        return std::any_of(rows.begin(), rows.end(), [&](std::uint32_t row) {
            return codes.row(row).value_set == set && codes.row(row).use != fhir::CodeUse::context;
        });
    });
}

// A coding of a system that findings or questions are written in settles what an entry says, so its text does not.
[[nodiscard]] inline bool coded(const fhir::CodeTable& codes, std::span<const fhir::Coding> codings) {
    return std::any_of(codings.begin(), codings.end(), [&](const fhir::Coding& coding) {
        return !coding.code.empty() && codes.reads_findings_in(coding.system);
    });
}

}  // namespace proctor::rules
