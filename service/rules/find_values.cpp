// Measurements: the latest or highest value, the ratio of a pair, points of a score.
#include <tuple>

#include "rules/find.h"

namespace proctor::rules {

using fhir::Range;

namespace {

constexpr Micro k_one = 1'000'000;

struct Measured {
    Instant time{};
    Range value;
    fhir::ResourceIndex resource = 0;
};

// Every readable value of the window, oldest first; what can not be read is an issue.
std::vector<Measured> measurements(Look& look, QuantityIndex index, Duration within) {
    const QuantityKind& quantity = look.plan.quantities[index].kind;
    std::vector<Measured> values;
    std::vector<const fhir::Observation*> texts;
    for (const SetIndex set : look.plan.quantities[index].sets) {
        for (const Hit& hit : look.chart.observations[set]) {
            const fhir::Observation& observation = look.record.observations[hit.item];
            if (!(hit.question || hit.finding) || !look.within(observation.time->earliest, within)) continue;
            const Reading reading = read_value(quantity, observation);
            switch (reading.kind) {
                case Reading::Kind::none:
                    if (has_unread_number(observation)) texts.push_back(&observation);
                    break;
                case Reading::Kind::value:
                    values.push_back({observation.time->earliest, reading.value, observation.resource});
                    break;
                case Reading::Kind::unit:
                    look.issues.push_back({IssueKind::unit, observation.resource, quantity.id});
                    break;
                case Reading::Kind::implausible:
                    look.issues.push_back({IssueKind::implausible, observation.resource, quantity.id});
                    break;
            }
        }
    }
    // Of values of the same time the later resource counts as the newer one.
    std::stable_sort(values.begin(), values.end(), [](const Measured& a, const Measured& b) {
        return std::tie(a.time, a.resource) < std::tie(b.time, b.resource);
    });
    for (const auto* text : texts) {
        if (values.empty() || text->time->earliest > values.back().time)
            look.issues.push_back({IssueKind::text, text->resource, quantity.id});
    }
    return values;
}

bool supplied(const Look& look, QuantityIndex index) {
    return complete(look.record, look.plan.content.quantities[index].category);
}

// Certainly higher first: an upper bound alone ("<38") is the lowest.
bool lower(const Range& a, const Range& b) { return b.low && (!a.low || *a.low < *b.low); }

bool straddles(const Range& value, Micro threshold) {
    const bool above = value.low && *value.low >= threshold;
    const bool below = value.high && (*value.high < threshold || (*value.high == threshold && value.high_open));
    return !above && !below;
}

}  // namespace

void find(Look& look, const QuantityFact& fact, const FactPlan& plan, FactResult& result) {
    const auto values = measurements(look, plan.quantities[0], fact.within);
    result.truth = values.empty() ? not_found(supplied(look, plan.quantities[0])) : Truth::yes;
    if (values.empty()) return;
    const Measured& chosen = fact.highest ? *std::ranges::max_element(values, lower, &Measured::value) : values.back();
    if (fact.straddles && straddles(chosen.value, *fact.straddles)) {
        look.issues.push_back(
            {IssueKind::comparator, chosen.resource, look.plan.content.quantities[plan.quantities[0]].id});
    }
    result.value = chosen.value;
    result.time = chosen.time;
    result.evidence.push_back(chosen.resource);
}

namespace {

std::optional<Micro> over(std::optional<Micro> a, std::optional<Micro> b) {
    return a && b && *b > 0 ? fhir::scale(*a, k_one, *b) : std::nullopt;
}

Range ratio(const Range& a, const Range& b) {
    return {over(a.low, b.high), over(a.high, b.low), a.low_open || b.high_open, a.high_open || b.low_open};
}

// Of two times one apart, those of `others` that lie within `paired` before (or at) `time`.
std::span<const Measured> partners(const std::vector<Measured>& others, Instant time, Duration paired) {
    const auto first = std::lower_bound(others.begin(), others.end(), time - paired,
                                        [](const Measured& m, Instant t) { return m.time < t; });
    const auto end =
        std::upper_bound(others.begin(), others.end(), time, [](Instant t, const Measured& m) { return t < m.time; });
    return {others.data() + (first - others.begin()), first < end ? static_cast<std::size_t>(end - first) : 0};
}

struct Pair {
    Measured numerator, denominator;
    Range value;
    [[nodiscard]] Instant time() const { return std::max(numerator.time, denominator.time); }
};

// The higher of two ratios is certainly as high as either, and possibly as high as one of them may be.
Pair higher(const Pair& a, const Pair& b) {
    Pair result = lower(a.value, b.value) ? b : a;
    const auto reaches = [](const Range& x) { return std::tuple(!x.high, x.high.value_or(0), !x.high_open); };
    const Range& top = reaches(a.value) < reaches(b.value) ? b.value : a.value;
    result.value.high = top.high;
    result.value.high_open = top.high_open;
    return result;
}

// The newest pair, and of pairs equally new the highest ratio.
std::optional<Pair> newest_pair(const std::vector<Measured>& numerators, const std::vector<Measured>& denominators,
                                Duration paired) {
    std::optional<Pair> best;
    const auto offer = [&](const Measured& a, const Measured& b) {
        const Pair pair{a, b, ratio(a.value, b.value)};
        if (!best || pair.time() > best->time())
            best = pair;
        else if (pair.time() == best->time())
            best = higher(*best, pair);
    };
    for (auto a = numerators.rbegin(); a != numerators.rend() && (!best || a->time >= best->time()); ++a) {
        for (const Measured& b : partners(denominators, a->time, paired)) offer(*a, b);
    }
    for (auto b = denominators.rbegin(); b != denominators.rend() && (!best || b->time >= best->time()); ++b) {
        for (const Measured& a : partners(numerators, b->time, paired)) offer(a, *b);
    }
    return best;
}

}  // namespace

void find(Look& look, const RatioFact& fact, const FactPlan& plan, FactResult& result) {
    const auto numerators = measurements(look, plan.quantities[0], fact.within);
    const auto denominators = measurements(look, plan.quantities[1], fact.within);
    const auto pair = newest_pair(numerators, denominators, fact.paired);
    result.truth =
        pair ? Truth::yes : not_found(supplied(look, plan.quantities[0]) && supplied(look, plan.quantities[1]));
    if (!pair) return;
    result.value = pair->value;
    result.time = pair->time();
    result.evidence = {pair->numerator.resource, pair->denominator.resource};
}

namespace {

// Rounded to whole steps of ten to the minus `decimals`, halves up.
Micro rounded(Micro value, int decimals) {
    Micro step = k_one;
    for (int i = 0; i < decimals && step > 1; ++i) step /= 10;
    const Micro shifted = value + step / 2;
    const Micro whole = shifted / step - (shifted % step < 0 ? 1 : 0);
    return whole * step;
}

int points_of(const ScoreItem& item, Micro value) {
    const Micro x = rounded(value, item.decimals);
    const auto band =
        std::find_if(item.bands.begin(), item.bands.end(), [x](const Band& b) { return b.low <= x && x <= b.high; });
    return band == item.bands.end() ? 0 : band->points;
}

}  // namespace

void find(Look& look, const ScoreFact& fact, const FactPlan& plan, FactResult& result) {
    const Score& score = look.plan.content.scores[plan.table];
    bool all_supplied = true;
    int points = 0;
    for (std::size_t i = 0; i < score.items.size(); ++i) {
        const auto values = measurements(look, plan.quantities[i], fact.within);
        if (values.empty()) all_supplied = all_supplied && supplied(look, plan.quantities[i]);
        const int more = values.empty() ? 0 : points_of(score.items[i], written(values.back().value));
        points += more;
        if (more > 0) result.evidence.push_back(values.back().resource);
    }
    result.truth = all_supplied ? Truth::yes : Truth::unknown;
    result.value = fhir::Range{points * k_one, std::nullopt};
    if (all_supplied) result.value->high = result.value->low;
}

}  // namespace proctor::rules
