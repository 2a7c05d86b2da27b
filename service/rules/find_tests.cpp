// Tests: reported positive, flagged by their laboratory, done or ordered; and severity scales at their site.
#include "rules/find.h"
#include "rules/live_order.h"

namespace proctor::rules {

using fhir::Comparator;
using fhir::Observation;
using fhir::Source;
using fhir::ValueKind;

namespace {

// Observations of a test within the window, in record order.
template <typename Use>
void each_result(const Look& look, SetIndex set, Duration within, const Use& use) {
    if (set == k_no_set) return;
    for (const Hit& hit : look.chart.observations[set]) {
        const Observation& observation = look.record.observations[hit.item];
        const bool answered = hit.question && !observation.data_absent;
        if (answered && look.within(observation.time->earliest, within)) use(observation);
    }
}

// Its time is the newest one's.
void add_result(FactResult& result, const Observation& observation) {
    result.evidence.push_back(observation.resource);
    result.time = std::max(result.time.value_or(observation.time->earliest), observation.time->earliest);
}

// The organism or condition found, as the value.
bool names_a_finding(const Look& look, const Observation& observation, SetIndex set) {
    if (observation.kind != ValueKind::concept_) return false;
    const fhir::CodeTable& codes = look.plan.content.codes;
    const auto value = look.record.in(observation.value);
    return std::any_of(value.begin(), value.end(), [&](const fhir::Coding& coding) {
        const auto rows = codes.rows(coding.id);
        return std::any_of(rows.begin(), rows.end(), [&](std::uint32_t row) {
            return codes.row(row).value_set == set && codes.row(row).use == fhir::CodeUse::finding;
        });
    });
}

}  // namespace

void find(Look& look, const PositiveFact& fact, const FactPlan& plan, FactResult& result) {
    each_result(look, plan.sets[0], fact.within, [&](const Observation& observation) {
        const AnswerReader& answers = look.plan.answers;
        const bool named =
            names_a_finding(look, observation, plan.sets[0]) && !answers.denied(look.record, observation);
        if (answers.positive(look.record, observation) || named) add_result(result, observation);
    });
    conclude(result, complete(look.record, Source::laboratory));
}

void find(Look& look, const FlaggedFact& fact, const FactPlan& plan, FactResult& result) {
    for (const SetIndex set : plan.sets) {
        each_result(look, set, fact.within, [&](const Observation& observation) {
            // A result in words, such as ">400", is as much one as a number.
            const bool measured = observation.kind == ValueKind::quantity || observation.kind == ValueKind::string;
            if (measured && look.plan.answers.flagged(look.record, observation)) add_result(result, observation);
        });
    }
    conclude(result, complete(look.record, Source::laboratory));
}

void find(Look& look, const TestedFact& fact, const FactPlan& plan, FactResult& result) {
    each_result(look, plan.sets[0], fact.resultedWithin,
                [&](const Observation& observation) { result.evidence.push_back(observation.resource); });
    if (plan.sets[0] != k_no_set) {
        for (const Hit& hit : look.chart.service_requests[plan.sets[0]]) {
            const fhir::ServiceRequest& request = look.record.service_requests[hit.item];
            const bool open = request.status == fhir::EventStatus::active || request.status == fhir::EventStatus::draft;
            if (open && order_counts(look.record, request, look.now, fact.orderedWithin))
                result.evidence.push_back(request.resource);
        }
    }
    conclude(result, complete(look.record, Source::laboratory) && complete(look.record, Source::service_request));
}

namespace {

// Where a severity was felt: not said, at a site of the scale, elsewhere, or said in a way that can not be read.
enum class Site : std::uint8_t { unstated, here, elsewhere, unreadable };

Site site_of(const Look& look, const RatingPlan& plan, const Observation& observation) {
    const auto codings = look.record.in(observation.body_site);
    if (codings.empty() && observation.body_site.text.empty()) return Site::unstated;
    const bool coded_here = plan.sites != k_no_set && stands_in(look.plan.content.codes, codings, plan.sites);
    bool worded = false, here = false, not_here = false;
    const auto read = [&](std::string_view words) {
        worded = worded || !words.empty();
        here = here || plan.site_words.in(words);
        not_here = not_here || plan.not_site_words.in(words);
    };
    read(observation.body_site.text);
    for (const fhir::Coding& coding : codings) read(coding.display);
    if (coded_here || (here && !not_here)) return Site::here;
    return worded ? Site::elsewhere : Site::unreadable;
}

bool asks(const Look& look, const Observation& observation, const std::string& code) {
    const auto codings = look.record.in(observation.code);
    return std::any_of(codings.begin(), codings.end(),
                       [&](const fhir::Coding& coding) { return coding.id != 0 && coding.code == code; });
}

// The range of this question, or the one for any other question.
const RatingRange* range_of(const Look& look, const Rating& rating, const Observation& observation) {
    const RatingRange* other = nullptr;
    for (const RatingRange& range : rating.ranges) {
        if (range.codes.empty() && other == nullptr) other = &range;
        for (const std::string& code : range.codes) {
            if (asks(look, observation, code)) return &range;
        }
    }
    return other;
}

bool severe_number(const Look& look, const Rating& rating, const Observation& observation) {
    if (observation.kind != ValueKind::quantity && observation.kind != ValueKind::integer) return false;
    const fhir::Quantity& quantity = observation.quantity;
    const RatingRange* range = range_of(look, rating, observation);
    const auto number = fhir::read_micro(quantity.value);
    if (!number || range == nullptr || quantity.comparator == Comparator::lt || quantity.comparator == Comparator::le)
        return false;
    constexpr std::string_view k_millimetre = "mm";
    const bool millimetres =
        quantity.code == k_millimetre || quantity.unit == k_millimetre ||
        (*number > range->atMost && !rating.millimetreCode.empty() && asks(look, observation, rating.millimetreCode));
    constexpr Micro k_millimetres_in_centimetre = 10;
    const Micro value = millimetres ? *number / k_millimetres_in_centimetre : *number;
    return range->atLeast <= value && value <= range->atMost;
}

// "9/10" or "severe" as text, a range, or a number whose comparator is not known: nothing that answers the scale.
bool is_unread(const Look& look, const RatingPlan& plan, const Observation& observation) {
    if (observation.kind == ValueKind::quantity) return observation.quantity.value.empty() && !observation.data_absent;
    const auto codings = look.record.in(observation.value);
    if (coded(look.plan.content.codes, codings)) return false;
    const auto severe = [&](std::string_view said) { return plan.severe_words.in(said); };
    return has_unread_number(observation) || severe(AnswerReader::text(observation)) ||
           std::ranges::any_of(codings, severe, &fhir::Coding::display);
}

bool severe(const Look& look, std::uint16_t table, const Observation& observation) {
    const SetIndex answers = look.plan.ratings[table].severe;
    const bool answered = observation.kind == ValueKind::concept_ && answers != k_no_set &&
                          stands_in(look.plan.content.codes, look.record.in(observation.value), answers);
    return answered || severe_number(look, look.plan.content.ratings[table], observation);
}

}  // namespace

void find(Look& look, const RatingFact& fact, const FactPlan& plan, FactResult& result) {
    const RatingPlan& rating = look.plan.ratings[plan.table];
    const Site wanted = fact.siteStated ? Site::here : Site::unstated;
    bool unreadable = false;
    each_result(look, rating.questions, fact.within, [&](const Observation& observation) {
        const bool counts = severe(look, plan.table, observation);
        if (!counts && !is_unread(look, rating, observation)) return;
        const Site site = site_of(look, rating, observation);
        if (!counts) {
            if (site == wanted) look.issues.push_back({IssueKind::text, observation.resource, fact.rating});
            return;
        }
        if (site == wanted) result.evidence.push_back(observation.resource);
        unreadable = unreadable || (site == Site::unreadable && fact.siteStated);
    });
    const bool all_supplied = complete(look.record, Source::survey) && complete(look.record, Source::vital_signs);
    conclude(result, all_supplied && !unreadable);
}

}  // namespace proctor::rules
