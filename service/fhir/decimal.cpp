#include "fhir/decimal.h"

#include <limits>

namespace proctor::fhir {
namespace {

__extension__ typedef __int128 Wide;
constexpr std::int64_t k_places = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A JSON number taken apart: digits without the point, and how many of them stand before it once the exponent is
// applied.
struct Parts {
    bool negative = false;
    std::string_view whole;
    std::string_view fraction;
    std::int64_t exponent = 0;

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(whole.size() + fraction.size()); }
    [[nodiscard]] int digit(std::int64_t i) const {
        const auto at = static_cast<std::size_t>(i);
        return (at < whole.size() ? whole[at] : fraction[at - whole.size()]) - '0';
    }
};

std::string_view take_digits(std::string_view& text) {
    std::size_t n = 0;
    while (n < text.size() && is_digit(text[n])) ++n;
    const auto digits = text.substr(0, n);
    text.remove_prefix(n);
    return digits;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

// Exponents beyond a million say no more than a million does: out of range, or nothing left of the value.
bool read_exponent(std::string_view& text, std::int64_t& exponent) {
    constexpr std::int64_t k_huge = 1'000'000;
    const bool negative = take(text, '-');
    if (!negative) take(text, '+');
    const auto digits = take_digits(text);
    for (const char c : digits) {
        if (exponent < k_huge) exponent = exponent * 10 + (c - '0');
    }
    if (negative) exponent = -exponent;
    return !digits.empty();
}

// RFC 8259, section 6.
std::optional<Parts> take_apart(std::string_view text) {
    Parts parts;
    parts.negative = take(text, '-');
    parts.whole = take_digits(text);
    if (parts.whole.empty() || (parts.whole.size() > 1 && parts.whole.front() == '0')) return std::nullopt;
    if (take(text, '.')) {
        parts.fraction = take_digits(text);
        if (parts.fraction.empty()) return std::nullopt;
    }
    if ((take(text, 'e') || take(text, 'E')) && !read_exponent(text, parts.exponent)) return std::nullopt;
    if (!text.empty()) return std::nullopt;
    return parts;
}

// Whether the digits from `first` on are more than half (1), exactly half (0) or less (-1) of the digit before them.
int against_half(const Parts& parts, std::int64_t first) {
    if (first < 0 || first >= parts.size()) return -1;
    if (parts.digit(first) != 5) return parts.digit(first) > 5 ? 1 : -1;
    for (auto i = first + 1; i < parts.size(); ++i) {
        if (parts.digit(i) != 0) return 1;
    }
    return 0;
}

}  // namespace

std::optional<Micro> read_micro(std::string_view token) {
    const auto parts = take_apart(token);
    if (!parts) return std::nullopt;
    constexpr Wide k_max = std::numeric_limits<Micro>::max();
    const auto kept = static_cast<std::int64_t>(parts->whole.size()) + parts->exponent + k_places;
    Wide value = 0;
    for (std::int64_t i = 0; i < kept; ++i) {
        if (i >= parts->size() && value == 0) break;
        value = value * 10 + (i < parts->size() ? parts->digit(i) : 0);
        if (value > k_max) return std::nullopt;
    }
    const int rest = against_half(*parts, kept);
    if (rest > 0 || (rest == 0 && value % 2 == 1)) ++value;
    if (value > k_max) return std::nullopt;
    return static_cast<Micro>(parts->negative ? -value : value);
}

std::string print_micro(Micro value) {
    constexpr std::uint64_t k_unit = 1'000'000;
    const auto magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    std::string text = value < 0 ? "-" : "";
    text += std::to_string(magnitude / k_unit);
    if (magnitude % k_unit == 0) return text;
    const auto fraction = std::to_string(magnitude % k_unit + k_unit).substr(1);
    text += '.';
    text += fraction.substr(0, fraction.find_last_not_of('0') + 1);
    return text;
}

std::optional<Micro> scale(Micro value, Micro numerator, Micro denominator) {
    if (denominator == 0) return std::nullopt;
    Wide product = static_cast<Wide>(value) * numerator;
    const bool negative = (product < 0) != (denominator < 0);
    if (product < 0) product = -product;
    const Wide divisor = denominator < 0 ? -static_cast<Wide>(denominator) : denominator;
    Wide quotient = product / divisor;
    const Wide twice = product % divisor * 2;
    if (twice > divisor || (twice == divisor && quotient % 2 == 1)) ++quotient;
    if (quotient > std::numeric_limits<Micro>::max()) return std::nullopt;
    return static_cast<Micro>(negative ? -quotient : quotient);
}

}  // namespace proctor::fhir
