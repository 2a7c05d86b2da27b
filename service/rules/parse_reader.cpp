#include "rules/parse_reader.h"

#include <re2/re2.h>

#include <algorithm>
#include <numeric>

#include "rules/fold.h"
#include "rules/model.h"

namespace proctor::rules {
namespace {

constexpr std::size_t k_most_problems = 20;  // more only bury the first

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({change, row[j] + 1, row[j - 1] + 1}));
        }
    }
    return row[b.size()];
}

bool has_at_most_six_decimals(std::string_view token) {
    const auto point = token.find('.');
    const bool has_exponent = token.find_first_of("eE") != std::string_view::npos;
    return !has_exponent && (point == std::string_view::npos || token.size() - point - 1 <= 6);
}

}  // namespace

void Problems::add(std::string_view file, std::string_view pointer, std::string message) {
    std::string where(file);
    if (!pointer.empty()) where.append("#").append(pointer);
    all.push_back({std::move(message), std::move(where)});
}

Error Problems::error() const {
    Error result = all.front();
    for (std::size_t i = 1; i < std::min(all.size(), k_most_problems); ++i) result.message += "\n" + describe(all[i]);
    if (all.size() > k_most_problems)
        result.message += "\nand " + std::to_string(all.size() - k_most_problems) + " more";
    return result;
}

Reader Reader::child(const Node* node, std::string_view step) const {
    Reader result(node, file_, *problems_);
    result.pointer_ = pointer_ + pointer_step(step);
    return result;
}

Reader Reader::operator[](std::string_view member) const {
    return child(node_ == nullptr ? nullptr : node_->find(member), member);
}

std::vector<std::pair<std::string, Reader>> Reader::members() const {
    std::vector<std::pair<std::string, Reader>> result;
    if (!is(Node::Kind::object)) return result;
    for (std::size_t i = 0; i < node_->items.size(); ++i) {
        result.emplace_back(node_->names[i], child(&node_->items[i], node_->names[i]));
    }
    return result;
}

std::vector<Reader> Reader::items() const {
    std::vector<Reader> result;
    if (!is(Node::Kind::array)) return result;
    for (std::size_t i = 0; i < node_->items.size(); ++i) result.push_back(child(&node_->items[i], std::to_string(i)));
    return result;
}

std::vector<Reader> Reader::one_or_more() const {
    if (node_ == nullptr) return {};
    return is(Node::Kind::array) ? items() : std::vector<Reader>{*this};
}

std::string Reader::text() const { return is(Node::Kind::string) ? node_->text : std::string(); }

std::vector<std::string> Reader::texts() const {
    std::vector<std::string> result;
    for (const Reader& item : one_or_more()) result.push_back(item.text());
    return result;
}

bool Reader::flag(bool otherwise) const { return is(Node::Kind::boolean) ? node_->flag : otherwise; }

fhir::Micro Reader::number() const {
    if (!is(Node::Kind::number)) return 0;
    const auto value = fhir::read_micro(node_->text);
    if (!value) fail("the number is out of range");
    if (!has_at_most_six_decimals(node_->text)) fail("numbers have at most six decimals, and no exponent");
    return value.value_or(0);
}

fhir::Duration Reader::duration() const {
    if (node_ == nullptr) return {};
    auto value = fhir::read_duration(text());
    if (!value) fail("not a duration of weeks, days, hours or minutes such as P30D or PT60M");
    return value ? *value : fhir::Duration{};
}

std::optional<fhir::Duration> Reader::optional_duration() const {
    if (node_ == nullptr) return std::nullopt;
    return duration();
}

fhir::Duration Reader::window() const { return text() == "encounter" ? k_encounter : duration(); }

std::optional<fhir::Duration> Reader::optional_window() const {
    if (node_ == nullptr) return std::nullopt;
    return window();
}

std::string Reader::pattern() const {
    std::string written = text();
    const RE2 compiled(written, RE2::Quiet);
    if (!compiled.ok()) fail("not a pattern that RE2 takes: " + compiled.error());
    std::string room;
    if (const auto read = fold(written, room); read != written)
        fail("texts are read without accents, with plain dashes, apostrophes and single blanks; so write \"" +
             std::string(read) + '"');
    return written;
}

std::vector<std::string> Reader::patterns() const {
    std::vector<std::string> result;
    for (const Reader& item : one_or_more()) result.push_back(item.pattern());
    return result;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
    const std::size_t close = std::max<std::size_t>(2, name.size() / 3);
    std::size_t best = close + 1;
    std::string found;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best) {
            best = distance;
            found = candidate;
        }
    }
    return found.empty() ? "" : ", did you mean \"" + found + "\"?";
}

bool is_name(std::string_view text) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !text.empty() && text.front() != '-' && text.back() != '-' && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace proctor::rules
