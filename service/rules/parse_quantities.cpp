// quantities.json and scores.json.
#include "rules/parse.h"

namespace proctor::rules {
namespace {

Conversion read_conversion(const Reader& at) {
    Conversion conversion;
    if (at.is(Node::Kind::number)) {
        conversion.numerator = at.number();
    } else {
        conversion.numerator = at["times"].number();
        conversion.denominator = at["over"].number();
        conversion.offset = at["minus"].number();
    }
    if (conversion.numerator <= 0 || conversion.denominator <= 0) at.fail("a factor is above zero");
    return conversion;
}

void read_plausible(const Reader& at, QuantityKind& kind) {
    const auto ends = at.items();
    if (ends.size() != 2) return;
    kind.plausibleLow = ends[0].number();
    kind.plausibleHigh = ends[1].number();
    if (*kind.plausibleLow >= *kind.plausibleHigh) at.fail("the lower end comes first");
}

std::optional<SiteFactor> read_site_factor(const Reader& at, const QuantityKind& kind) {
    const auto ends = at["between"].items();
    if (ends.size() != 2) return std::nullopt;
    SiteFactor factor{at["name"].text(), at["units"].texts(), ends[0].number(), ends[1].number()};
    if (factor.low <= 0 || factor.low >= factor.high)
        at["between"].fail("a factor is above zero; the lower end comes first");
    for (const std::string& unit : factor.units) {
        if (kind.units.contains(unit)) at["units"].fail("the unit \"" + unit + "\" has a factor already");
    }
    return factor;
}

QuantityKind read_quantity(const std::string& id, const Reader& at, const Content& content) {
    if (!is_name(id)) at.fail("names are lower-case-with-hyphens");
    QuantityKind kind;
    kind.id = id;
    kind.title = at["title"].text();
    kind.valueSets = each(at["valueSets"], [&](const Reader& item) { return known_value_set(item, content); });
    kind.unit = at["unit"].text();
    kind.unitText = at["unitText"].text();
    for (const auto& [unit, factor] : at["units"].members()) kind.units[unit] = read_conversion(factor);
    kind.integerUnit = at["integerUnit"].text();
    if (kind.units.find(kind.unit) == kind.units.end())
        at["units"].fail("the unit \"" + kind.unit + "\" itself is missing");
    if (!kind.integerUnit.empty() && kind.units.find(kind.integerUnit) == kind.units.end()) {
        at["integerUnit"].fail("not one of the units");
    }
    read_plausible(at["plausible"], kind);
    kind.siteFactor = read_site_factor(at["siteFactor"], kind);
    const auto sources = read_sources(at["category"]);
    if (!sources.empty()) kind.category = sources.front();
    return kind;
}

ScoreItem read_score_item(const Reader& at, const Content& content) {
    ScoreItem item;
    item.quantity = known_quantity(at["quantity"], content);
    item.decimals = static_cast<int>(at["decimals"].number() / 1'000'000);
    for (const Reader& band : at["bands"].items()) {
        const Band read{band["low"].number(), band["high"].number(),
                        static_cast<int>(band["points"].number() / 1'000'000)};
        if (read.low > read.high) band.fail("\"low\" is above \"high\"");
        if (!item.bands.empty() && item.bands.back().high >= read.low) band.fail("bands ascend and do not overlap");
        item.bands.push_back(read);
    }
    return item;
}

RatingRange read_rating_range(const Reader& at) {
    RatingRange range{at["codes"].texts(), at["atLeast"].number(), at["atMost"].number()};
    if (range.atLeast > range.atMost) at.fail("\"atLeast\" is above \"atMost\"");
    return range;
}

Rating read_rating(const std::string& id, const Reader& at, const Content& content) {
    Rating rating;
    rating.id = id;
    rating.title = at["title"].text();
    rating.valueSet = known_value_set(at["valueSet"], content);
    rating.severeAnswers = known_value_set(at["severeAnswers"], content);
    for (const Reader& range : at["ranges"].items()) rating.ranges.push_back(read_rating_range(range));
    rating.millimetreCode = at["millimetreCode"].text();
    rating.siteValueSet = known_value_set(at["siteValueSet"], content);
    rating.siteWords = at["siteWords"].patterns();
    rating.notSiteWords = at["notSiteWords"].patterns();
    rating.severeWords = at["severeWords"].patterns();
    return rating;
}

}  // namespace

void read_quantities(const Reader& at, Content& content) {
    for (const auto& [id, value] : at.members()) content.quantities.push_back(read_quantity(id, value, content));
}

void read_scores(const Reader& at, Content& content) {
    for (const auto& [id, value] : at["scores"].members()) {
        Score score{id, value["title"].text(), {}};
        for (const Reader& item : value["items"].items()) score.items.push_back(read_score_item(item, content));
        content.scores.push_back(std::move(score));
    }
    for (const auto& [id, value] : at["ratings"].members()) content.ratings.push_back(read_rating(id, value, content));
}

}  // namespace proctor::rules
