// Observations and the other coded resources: bucketed by value set, and what each Observation answers to which
// finding.
#include "rules/find.h"

namespace proctor::rules {

using fhir::CodeableConcept;
using fhir::CodeUse;
using fhir::Coding;
using fhir::Observation;
using fhir::ObservationStatus;

namespace {

void add_hit(Buckets& buckets, const fhir::CodeEntry& row, std::uint32_t item) {
    auto& bucket = buckets[row.value_set];
    if (bucket.empty() || bucket.back().item != item) bucket.push_back({item});
    Hit& hit = bucket.back();
    hit.question |= row.use == CodeUse::question;
    hit.finding |= row.use == CodeUse::finding;
    hit.strong_medication |= row.use == CodeUse::medication && row.strength == fhir::CodeStrength::strong;
    hit.other |= row.use == CodeUse::value || row.use == CodeUse::order;
}

void bucket(Look& look, Buckets& buckets, const CodeableConcept& code, std::uint32_t item) {
    const fhir::CodeTable& codes = look.plan.content.codes;
    for (const Coding& coding : look.record.in(code)) {
        for (const std::uint32_t row : codes.rows(coding.id)) {
            if (codes.row(row).use != CodeUse::context) add_hit(buckets, codes.row(row), item);
        }
    }
}

// Every Observation that counts: its status and time are usable, and it is not of the future.
class AnswersIndex {
public:
    explicit AnswersIndex(Look& look) : look_(look), plan_(look.plan), codes_(look.plan.content.codes) {}

    void read(std::uint32_t index) {
        index_ = index;
        observation_ = &look_.record.observations[index];
        if (!counts()) return;
        bucket(look_, look_.chart.observations, observation_->code, index);
        const auto codings = look_.record.in(observation_->code);
        if (stands_in_known(codings, plan_.answers.family_history())) return;
        polarity_read_ = false;
        for (const Coding& coding : codings) by_own_code(coding);
        if (stands_in_known(codings, plan_.answers.generic_questions())) by_value();
    }

private:
    [[nodiscard]] bool counts() {
        if (observation_->status == ObservationStatus::other || !observation_->time) return false;
        if (observation_->time->earliest <= look_.now + k_clock_skew) return true;
        look_.issues.push_back({IssueKind::future, observation_->resource, {}});
        return false;
    }

    [[nodiscard]] bool stands_in_known(std::span<const Coding> codings, SetIndex set) const {
        return set != k_no_set && stands_in(codes_, codings, set);
    }

    void by_own_code(const Coding& coding) {
        for (const std::uint32_t index : codes_.rows(coding.id)) {
            const fhir::CodeEntry& row = codes_.row(index);
            if (row.use != CodeUse::finding || row.strength != fhir::CodeStrength::strong) continue;
            for (const FindingIndex finding : plan_.findings_of_set[row.value_set]) {
                if (matches_ending(finding, coding)) answer(finding, own_polarity());
            }
        }
    }

    // The answer to "which symptom?" is the finding: by a code, or by words where no code of a system we read settles
    // it.
    void by_value() {
        const auto value = observation_->kind == fhir::ValueKind::concept_ ? look_.record.in(observation_->value)
                                                                           : std::span<const Coding>();
        for (const Coding& coding : value) {
            for (const std::uint32_t index : codes_.rows(coding.id)) {
                const fhir::CodeEntry& row = codes_.row(index);
                if (row.use != CodeUse::finding || row.strength != fhir::CodeStrength::strong) continue;
                for (const FindingIndex finding : plan_.findings_of_set[row.value_set]) {
                    if (matches_ending(finding, coding)) answer(finding, true);
                }
            }
        }
        const std::string_view text = AnswerReader::text(*observation_);
        if (text.empty() || coded(codes_, value) || !plan_.words.in(text)) return;
        for (const FindingIndex finding : plan_.findings_with_words) {
            const FindingPlan& plan = plan_.findings[finding];
            if (plan_.clauses.says(text, plan.words, plan.not_about)) answer(finding, true);
        }
    }

    [[nodiscard]] bool matches_ending(FindingIndex finding, const Coding& coding) const {
        const std::string& endings = plan_.content.findings[finding].codeEndings;
        return endings.empty() || (!coding.code.empty() && endings.find(coding.code.back()) != std::string::npos);
    }

    std::optional<bool> own_polarity() {
        if (!polarity_read_) polarity_ = plan_.answers.polarity(look_.record, *observation_);
        polarity_read_ = true;
        return polarity_;
    }

    void answer(FindingIndex finding, std::optional<bool> yes) {
        auto& answers = look_.chart.answers[finding];
        if (!yes || (!answers.empty() && answers.back().observation == index_)) return;
        answers.push_back({index_, question(), observation_->time->earliest, *yes});
    }

    // Observations with the same codes ask the same question.
    std::uint32_t question() {
        codes_of_.clear();
        for (const Coding& coding : look_.record.in(observation_->code)) codes_of_.push_back(coding.code);
        std::sort(codes_of_.begin(), codes_of_.end());
        key_.clear();
        for (const std::string_view code : codes_of_) key_.append(code).push_back('\n');
        const auto [place, added] = questions_.try_emplace(key_, look_.chart.questions);
        if (added) ++look_.chart.questions;
        return place->second;
    }

    Look& look_;
    const Plan& plan_;
    const fhir::CodeTable& codes_;
    std::uint32_t index_ = 0;
    const Observation* observation_ = nullptr;
    bool polarity_read_ = false;
    std::optional<bool> polarity_;
    std::map<std::string, std::uint32_t> questions_;
    std::vector<std::string_view> codes_of_;
    std::string key_;
};

}  // namespace

void index_observations(Look& look) {
    look.chart.observations.resize(look.plan.content.valueSets.size());
    look.chart.answers.resize(look.plan.findings.size());
    AnswersIndex index(look);
    for (std::uint32_t i = 0; i < look.record.observations.size(); ++i) index.read(i);
    for (auto& answers : look.chart.answers) {
        std::stable_sort(answers.begin(), answers.end(), [](const Answered& a, const Answered& b) {
            return a.time != b.time ? a.time < b.time : a.yes < b.yes;
        });
    }
}

void index_record(Look& look) {
    const fhir::Record& record = look.record;
    const std::size_t sets = look.plan.content.valueSets.size();
    index_conditions(look);
    index_observations(look);
    look.chart.procedures.resize(sets);
    look.chart.service_requests.resize(sets);
    look.chart.medications.resize(sets);
    for (std::uint32_t i = 0; i < record.procedures.size(); ++i)
        bucket(look, look.chart.procedures, record.procedures[i].code, i);
    for (std::uint32_t i = 0; i < record.service_requests.size(); ++i)
        bucket(look, look.chart.service_requests, record.service_requests[i].code, i);
    for (std::uint32_t i = 0; i < record.medications.size(); ++i)
        bucket(look, look.chart.medications, record.medications[i].medication, i);
}

}  // namespace proctor::rules
