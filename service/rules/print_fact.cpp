#include "rules/print.h"
#include "rules/print_words.h"

namespace proctor::rules {
namespace {

using fhir::print_duration;

std::string within(Duration window) { return (window == k_encounter ? "of " : "of the last ") + window_words(window); }

std::string in_the_last(Duration window) {
    return (window == k_encounter ? "during " : "within the last ") + window_words(window);
}

constexpr std::string_view k_only_drafts = "; when something is being written, only in what is being written";

struct FactWords {
    const Content& content;

    template <typename T>
    static std::string title_of(const std::vector<T>& values, const std::string& id) {
        for (const T& value : values) {
            if (value.id == id) return value.title;
        }
        return id;
    }
    [[nodiscard]] std::string findings(const std::vector<std::string>& ids) const {
        std::vector<std::string> titles;
        titles.reserve(ids.size());
        for (const std::string& id : ids) titles.push_back(title_of(content.findings, id));
        return join(titles, "or");
    }
    [[nodiscard]] std::string value_set(const std::string& id) const {
        return "\"" + title_of(content.valueSets, id) + "\"";
    }
    [[nodiscard]] std::string value_sets(const std::vector<std::string>& ids) const {
        std::vector<std::string> titles;
        titles.reserve(ids.size());
        for (const std::string& id : ids) titles.push_back(value_set(id));
        return join(titles, "or");
    }

    std::string operator()(const FindingFact& fact) const {
        const std::string idea = findings(fact.findings);
        std::vector<std::string> ways;
        if (fact.conditions) {
            ways.push_back(
                "an active Condition of " + idea + ", " +
                (fact.conditionWithin ? "begun or recorded " + in_the_last(*fact.conditionWithin) : "of any age"));
        }
        if (fact.observations) {
            ways.push_back("an Observation " + within(fact.observationWithin) + " that says yes to " +
                           (fact.conditions ? "it" : idea));
        }
        std::string words = ways.front();
        if (ways.size() > 1) words += "; or " + ways[1];
        if (fact.newerNoCancels) words += "; a newer no cancels the Condition";
        if (fact.confirmed) words += "; a Condition that is only suspected does not count";
        if (fact.repeated)
            words += "; asserted at least twice, " + print_duration(fact.repeated->apart) + " or more apart";
        if (fact.draftsWhenWriting) words += k_only_drafts;
        return words;
    }
    std::string operator()(const QuantityFact& fact) const {
        return "the " + std::string(fact.highest ? "highest" : "newest") + " readable " +
               title_of(content.quantities, fact.quantity) + " " + within(fact.within);
    }
    std::string operator()(const RatioFact& fact) const {
        return title_of(content.quantities, fact.numerator) + " divided by " +
               title_of(content.quantities, fact.denominator) + ", the newest pair measured within " +
               print_duration(fact.paired) + " of each other, " + in_the_last(fact.within);
    }
    std::string operator()(const ScoreFact& fact) const {
        return "the points of " + title_of(content.scores, fact.score) + " from the newest values " +
               within(fact.within) + "; a value that is missing gives no points, so the sum is the least it can be";
    }
    std::string operator()(const PositiveFact& fact) const {
        return "a result for " + value_set(fact.valueSet) + " reported positive " + in_the_last(fact.within);
    }
    std::string operator()(const FlaggedFact& fact) const {
        return "a result for " + value_sets(fact.valueSets) + " that its laboratory marked abnormal, " +
               in_the_last(fact.within);
    }
    std::string operator()(const TestedFact& fact) const {
        return value_set(fact.valueSet) + " resulted within the last " + print_duration(fact.resultedWithin) +
               ", or ordered (an active or draft request) within the last " + print_duration(fact.orderedWithin);
    }
    std::string operator()(const MedicationFact& fact) const {
        std::string words = "a current medication in " + value_sets(fact.valueSets);
        if (fact.within) words += ", or one taken " + in_the_last(*fact.within);
        words += fact.drafts ? ", drafts included" : ", drafts left out";
        if (fact.draftsWhenWriting) words += k_only_drafts;
        return words;
    }
    std::string operator()(const MedicationTextFact& fact) const {
        return "a MedicationStatement whose text says " + join(fact.words, "or");
    }
    std::string operator()(const OrderedFact& fact) const {
        return "an active or draft request for " + value_set(fact.valueSet) + " " + within(fact.orderedWithin) +
               ", or such a procedure in preparation or in progress";
    }
    std::string operator()(const PerformedFact& fact) const {
        return "a completed procedure in " + value_set(fact.valueSet) + ", " +
               (fact.within ? in_the_last(*fact.within) : "at any time");
    }
    std::string operator()(const ArrangedFact& fact) const {
        return "a request for " + value_sets(fact.valueSets) + " " + within(fact.within) +
               ", completed ones too, or such a procedure, done or under way";
    }
    std::string operator()(const DurationFact& fact) const {
        std::string words =
            "days since " + findings({fact.finding}) + " began, from what is certain to what is possible";
        words += "; positive answers more than " + print_duration(fact.gap) + " apart are separate episodes";
        if (fact.conditionWithin) words += "; Conditions begun or recorded " + in_the_last(*fact.conditionWithin);
        return words;
    }
    std::string operator()(const RecurrenceFact& fact) const {
        return findings(fact.findings) + " marked as a recurrence or relapse; or begun again at least " +
               print_duration(fact.apart) + " after it had ended; or answered yes, then no, then yes again at least " +
               print_duration(fact.clear) + " after the no; " + in_the_last(fact.within);
    }
    std::string operator()(const SeverityFact& fact) const {
        return "an active Condition of " + findings({fact.finding}) + " with a severity in " +
               value_set(fact.valueSet) +
               (fact.conditionWithin ? ", begun or recorded " + in_the_last(*fact.conditionWithin) : "") +
               "; or an Observation of it " + within(fact.observationWithin) + " answered so";
    }
    std::string operator()(const RatingFact& fact) const {
        return "a severe answer on the " + title_of(content.ratings, fact.rating) + " scale " + within(fact.within) +
               (fact.siteStated ? ", at a body site that counts" : ", with no body site given");
    }
    std::string operator()(const AgeFact& fact) const {
        return "the patient's age in years, taken as " + fhir::print_micro(fact.assume) +
               " when no birth date is known";
    }
    std::string operator()(const GenderFact& fact) const {
        static constexpr std::string_view k_names[] = {"unknown", "male", "female", "other"};
        return "the patient's gender is recorded as " + std::string(k_names[static_cast<std::size_t>(fact.is)]);
    }
    std::string operator()(const QualityFact& fact) const {
        std::string words = "data that could not be used: " + join(fact.kinds, "or");
        std::vector<std::string> subjects;
        for (const std::string& id : fact.about)
            subjects.push_back(title_of(content.quantities, title_of(content.findings, id)));
        if (!subjects.empty()) words += ", about " + join(subjects, "or");
        return words;
    }
};

}  // namespace

std::string window_words(Duration window) { return window == k_encounter ? "this encounter" : print_duration(window); }

std::string fact_words(const Content& content, const Fact& fact) { return std::visit(FactWords{content}, fact.body); }

std::string print_fact(const Content& content, const Fact& fact) {
    return fact.title + ": " + fact_words(content, fact);
}

}  // namespace proctor::rules
