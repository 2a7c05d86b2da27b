#include "rules/words.h"

#include <algorithm>

#include "base/text.h"
#include "rules/fold.h"

namespace proctor::rules {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

std::string placed(const std::string& pattern, Place place) {
    switch (place) {
        case Place::anywhere: return pattern;
        case Place::first_word: return "^\\W*(?:" + pattern + ")\\b";
        case Place::whole_words: return "\\b(?:" + pattern + ")\\b";
        case Place::last_word: return "\\b(?:" + pattern + ")\\W*$";
    }
    return pattern;
}

bool is_word(char c) {
    const auto u = static_cast<unsigned char>(c);
    return u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z');
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && !is_word(text.front())) text.remove_prefix(1);
    while (!text.empty() && !is_word(text.back())) text.remove_suffix(1);
    return text;
}

// Where the first match of any of the patterns ends, in a text that itself starts at `first`.
std::size_t end_of(const Words& words, std::string_view text, std::size_t first) {
    std::size_t end = std::string_view::npos;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (const auto match = words.next(i, text, 0)) end = std::min(end, first + match->end);
    }
    return end;
}

}  // namespace

Words::Words(std::span<const std::string> patterns, Place place) {
    RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    std::string any;
    for (const std::string& pattern : patterns) {
        patterns_.push_back(std::make_unique<RE2>(placed(pattern, place), options));
        if (patterns_.back()->ok()) any += (any.empty() ? "(?:" : "|(?:") + patterns_.back()->pattern() + ')';
    }
    auto joined = std::make_unique<RE2>(any, options);
    if (!any.empty() && joined->ok()) any_ = std::move(joined);
}

bool Words::in(std::string_view unfolded) const {
    std::string room;
    const std::string_view text = fold(unfolded, room);
    if (any_ != nullptr) return RE2::PartialMatch(piece(text), *any_);
    return std::any_of(patterns_.begin(), patterns_.end(),
                       [&](const auto& pattern) { return RE2::PartialMatch(piece(text), *pattern); });
}

std::optional<Words::Match> Words::next(std::size_t pattern, std::string_view text, std::size_t from) const {
    re2::StringPiece found;
    if (from > text.size() || !patterns_[pattern]->Match(piece(text), from, text.size(), RE2::UNANCHORED, &found, 1))
        return std::nullopt;
    const auto first = static_cast<std::size_t>(found.data() - text.data());
    return Match{first, first + found.size()};
}

// A clause from `first` on, and from where in it terms are denied, or of another time or person.
struct Clauses::Clause {
    std::size_t first = 0;
    std::size_t denied_from = std::string_view::npos;
    std::size_t not_now_from = std::string_view::npos;
    bool other_organ = false;
};

Clauses::Clauses(const ClauseWords& words)
    : end_(std::span(&words.clauseEnd, words.clauseEnd.empty() ? 0 : 1)),
      negations_(words.negations, Place::whole_words),
      not_now_(words.notNow, Place::whole_words),
      prefixes_(words.negatingPrefixes, Place::last_word),
      negates_nothing_(words.negatesNothing, Place::whole_words) {}

bool Clauses::has_prefix(std::string_view text, std::size_t term) const {
    constexpr std::size_t k_longest = 16;  // or a long text of many terms would take its square
    const std::size_t first = term > k_longest ? term - k_longest : 0;
    return !prefixes_.empty() && prefixes_.in(text.substr(first, term - first));
}

// Blanks in its place, so that every other word stays where it is.
std::string Clauses::without_what_negates_nothing(std::string_view text) const {
    std::string rest(text);
    for (std::size_t i = 0; i < negates_nothing_.size(); ++i) {
        for (auto match = negates_nothing_.next(i, text, 0); match;
             match = negates_nothing_.next(i, text, std::max(match->end, match->first + 1)))
            rest.replace(match->first, match->end - match->first, match->end - match->first, ' ');
    }
    return rest;
}

std::vector<Clauses::Clause> Clauses::split(std::string_view text, const Words& not_about) const {
    const std::string negating = without_what_negates_nothing(text);
    std::vector<Clause> clauses;
    for (std::size_t first = 0; first <= text.size();) {
        const auto end = end_.empty() ? std::nullopt : end_.next(0, text, first);
        const std::size_t size = (end ? end->first : text.size()) - first;
        const std::string_view said = std::string_view(negating).substr(first, size);
        clauses.push_back({first, end_of(negations_, said, first), end_of(not_now_, said, first),
                           not_about.in(text.substr(first, size))});
        if (!end) break;
        first = std::max(end->end, first + 1);
    }
    return clauses;
}

bool Clauses::says(std::string_view unfolded, const Words& terms, const Words& not_about) const {
    std::string room;
    const std::string_view text = fold(unfolded, room);
    if (!terms.in(text)) return false;  // most texts name nothing
    std::vector<Clause> clauses;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        for (auto match = terms.next(i, text, 0); match;
             match = terms.next(i, text, std::max(match->end, match->first + 1))) {
            if (clauses.empty()) clauses = split(text, not_about);
            const auto after = std::upper_bound(clauses.begin(), clauses.end(), match->first,
                                                [](std::size_t at, const Clause& clause) { return at < clause.first; });
            const Clause& clause = *std::prev(after);
            if (clause.other_organ || match->first >= clause.not_now_from || has_prefix(text, match->first)) continue;
            if (match->first < clause.denied_from) return true;
            const auto said = text.substr(match->first, match->end - match->first);
            if (negations_.in(said) && negations_.in(terms.pattern(i))) return true;  // is itself a no
        }
    }
    return false;
}

bool same_title(std::string_view a, std::string_view b) {
    std::string room_a, room_b;
    return same_letters(trimmed(fold(a, room_a)), trimmed(fold(b, room_b)));
}

std::string quote(std::string_view text) { return RE2::QuoteMeta(piece(text)); }

}  // namespace proctor::rules
