// Medications: current, or taken within a window.
#include "rules/find.h"

namespace proctor::rules {

using fhir::EventStatus;
using fhir::MedicationUse;
using fhir::ResourceType;

namespace {

// unknown: its status is not known, or when it ended where that matters.
Truth is_taken(const Look& look, const MedicationUse& use, const MedicationFact& fact) {
    const fhir::Resource& resource = look.record.resources[use.resource];
    if (look.passes_over(use.resource, fact.draftsWhenWriting)) return Truth::no;
    if (use.do_not_perform || never_was(use.status) || (use.status == EventStatus::stopped && !fact.within) ||
        (resource.draft && !fact.drafts))
        return Truth::no;
    const bool current = resource.draft || use.status == EventStatus::active || use.status == EventStatus::draft;
    if (current && use.status != EventStatus::on_hold) return Truth::yes;
    // What is said to be completed at a time that is still to come is taken until then.
    const bool to_its_end = resource.type == ResourceType::medication_statement && use.status == EventStatus::completed;
    if (to_its_end && use.time && use.time->latest > look.now) return Truth::yes;
    const bool given = resource.type == ResourceType::medication_administration;
    if (given && use.status == EventStatus::in_progress) return Truth::yes;
    const Truth otherwise = use.status == EventStatus::other ? Truth::unknown : Truth::no;
    if (!fact.within && !given) return otherwise;
    if (!use.time) return use.status == EventStatus::intended ? Truth::no : Truth::unknown;
    const Duration ago = look.now - use.time->earliest;
    const Duration dose = given ? look.plan.content.answers.doseCountsFor : Duration::zero();
    if (ago >= Duration::zero() && ago <= std::max(fact.within.value_or(Duration::zero()), dose)) return Truth::yes;
    return given ? Truth::no : otherwise;
}

// One of the words stands in what the medication is called.
bool called(const Look& look, const MedicationUse& use, const Words& words) {
    const auto codings = look.record.in(use.medication);
    return words.in(use.medication.text) ||
           std::any_of(codings.begin(), codings.end(),
                       [&](const fhir::Coding& coding) { return words.in(coding.display); });
}

// A product is named after its ingredient.
bool named(const Look& look, const MedicationUse& use, SetIndex set) {
    const Words& ingredients = look.plan.ingredients[set];
    return !ingredients.empty() && called(look, use, ingredients);
}

}  // namespace

void find(Look& look, const MedicationFact& fact, const FactPlan& plan, FactResult& result) {
    const auto& medications = look.record.medications;
    std::vector<bool> coded(medications.size());
    for (const SetIndex set : plan.sets) {
        if (set == k_no_set) continue;
        for (const Hit& hit : look.chart.medications[set]) coded[hit.item] = coded[hit.item] || hit.strong_medication;
    }
    bool all_known =
        look.writing && fact.draftsWhenWriting ? drafts_complete(look.record) : medications_complete(look.record);
    for (std::size_t i = 0; i < medications.size(); ++i) {
        const Truth taken = is_taken(look, medications[i], fact);
        if (taken == Truth::no) continue;
        const bool is = coded[i] || std::any_of(plan.sets.begin(), plan.sets.end(), [&](SetIndex set) {
                            return set != k_no_set && named(look, medications[i], set);
                        });
        // A cream or an eye drop with the same ingredient is another matter.
        if (!is || called(look, medications[i], look.plan.not_systemic)) continue;
        if (taken == Truth::yes)
            result.evidence.push_back(medications[i].resource);
        else
            all_known = false;
    }
    conclude(result, all_known);
}

void find(Look& look, const MedicationTextFact&, const FactPlan& plan, FactResult& result) {
    for (const MedicationUse& use : look.record.medications) {
        const bool taken = look.record.resources[use.resource].type == ResourceType::medication_statement &&
                           (use.status == EventStatus::active || use.status == EventStatus::intended ||
                            use.status == EventStatus::completed);
        if (taken && plan.words.in(use.medication.text)) result.evidence.push_back(use.resource);
    }
    conclude(result, complete(look.record, fhir::Source::medication_statement));
}

}  // namespace proctor::rules
