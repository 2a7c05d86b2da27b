// Words in chart text: RE2 patterns without regard to case, and whether a term is said or denied in its clause. It
// knows no resource and no finding. Immutable and thread-safe once made.
#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/clause_words.h"

namespace proctor::rules {

// Where a pattern must match: anywhere; as the first word of an answer; as whole words anywhere; as the last word.
enum class Place : std::uint8_t { anywhere, first_word, whole_words, last_word };

// Any of several patterns. A pattern that RE2 refuses never matches (load_content refuses it first).
class Words {
public:
    Words() = default;
    explicit Words(std::span<const std::string> patterns, Place place = Place::anywhere);

    [[nodiscard]] bool empty() const { return patterns_.empty(); }
    // In the text as it reads when folded (rules/fold.h).
    [[nodiscard]] bool in(std::string_view text) const;

    struct Match {
        std::size_t first = 0;
        std::size_t end = 0;
    };
    [[nodiscard]] std::size_t size() const { return patterns_.size(); }
    [[nodiscard]] const std::string& pattern(std::size_t i) const { return patterns_[i]->pattern(); }
    // The first match of one pattern at or after `from`; the text as it is.
    [[nodiscard]] std::optional<Match> next(std::size_t pattern, std::string_view text, std::size_t from) const;

private:
    std::vector<std::unique_ptr<RE2>> patterns_;
    std::unique_ptr<RE2> any_;  // of those that RE2 takes; nothing when they are too large together, or none
};

// How charts deny.
class Clauses {
public:
    explicit Clauses(const ClauseWords& words);

    // One of the terms is said: of now; not denied before it in its clause, unless what it says is itself a no ("no
    // vomiting and no stool"); and its clause is not about another organ. Linear in the text.
    [[nodiscard]] bool says(std::string_view text, const Words& terms, const Words& not_about) const;

private:
    struct Clause;
    [[nodiscard]] std::vector<Clause> split(std::string_view text, const Words& not_about) const;
    [[nodiscard]] std::string without_what_negates_nothing(std::string_view text) const;
    [[nodiscard]] bool has_prefix(std::string_view text, std::size_t term) const;

    Words end_, negations_, not_now_, prefixes_, negates_nothing_;
};

// The texts are the same but for case and what surrounds the words: "Melena." is "melena".
[[nodiscard]] bool same_title(std::string_view a, std::string_view b);

// The text as a pattern that matches it literally.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace proctor::rules
