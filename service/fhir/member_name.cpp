#include "fhir/member_name.h"

#include <array>

namespace proctor::fhir {
namespace {

struct Named {
    std::string_view name;
    Member member = Member::none;
};

constexpr Named k_members[] = {{"resourceType", Member::resourceType},
                               {"id", Member::id},
                               {"meta", Member::meta},
                               {"contained", Member::contained},
                               {"entry", Member::entry},
                               {"link", Member::link},
                               {"resource", Member::resource},
                               {"response", Member::response},
                               {"subject", Member::subject},
                               {"patient", Member::patient},
                               {"focus", Member::focus},
                               {"status", Member::status},
                               {"code", Member::code},
                               {"clinicalStatus", Member::clinicalStatus},
                               {"verificationStatus", Member::verificationStatus},
                               {"severity", Member::severity},
                               {"bodySite", Member::bodySite},
                               {"onsetDateTime", Member::onsetDateTime},
                               {"onsetAge", Member::onsetAge},
                               {"onsetPeriod", Member::onsetPeriod},
                               {"onsetRange", Member::onsetRange},
                               {"recordedDate", Member::recordedDate},
                               {"abatementDateTime", Member::abatementDateTime},
                               {"abatementPeriod", Member::abatementPeriod},
                               {"effectiveDateTime", Member::effectiveDateTime},
                               {"effectiveInstant", Member::effectiveInstant},
                               {"effectivePeriod", Member::effectivePeriod},
                               {"effectiveTiming", Member::effectiveTiming},
                               {"issued", Member::issued},
                               {"valueQuantity", Member::valueQuantity},
                               {"valueCodeableConcept", Member::valueCodeableConcept},
                               {"valueString", Member::valueString},
                               {"valueBoolean", Member::valueBoolean},
                               {"valueInteger", Member::valueInteger},
                               {"interpretation", Member::interpretation},
                               {"dataAbsentReason", Member::dataAbsentReason},
                               {"component", Member::component},
                               {"hasMember", Member::hasMember},
                               {"performedDateTime", Member::performedDateTime},
                               {"performedPeriod", Member::performedPeriod},
                               {"authoredOn", Member::authoredOn},
                               {"occurrenceDateTime", Member::occurrenceDateTime},
                               {"doNotPerform", Member::doNotPerform},
                               {"medicationCodeableConcept", Member::medicationCodeableConcept},
                               {"medicationReference", Member::medicationReference},
                               {"period", Member::period},
                               {"reasonCode", Member::reasonCode},
                               {"birthDate", Member::birthDate},
                               {"gender", Member::gender},
                               {"deceasedBoolean", Member::deceasedBoolean},
                               {"deceasedDateTime", Member::deceasedDateTime}};

constexpr std::size_t k_slots = 256;

constexpr std::size_t slot_of(std::string_view name) {
    const auto letter = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
    return (name.size() * 37 + letter(0) * 5 + letter(name.size() - 1) * 11 + letter(name.size() / 2) * 3) % k_slots;
}

constexpr std::array<Named, k_slots> place_members() {
    std::array<Named, k_slots> slots{};
    for (const auto& named : k_members) {
        auto at = slot_of(named.name);
        while (!slots[at].name.empty()) at = (at + 1) % k_slots;
        slots[at] = named;
    }
    return slots;
}

constexpr auto k_table = place_members();

}  // namespace

Member member_named(std::string_view name) {
    if (name.empty()) return Member::none;
    for (auto at = slot_of(name); !k_table[at].name.empty(); at = (at + 1) % k_slots) {
        if (k_table[at].name == name) return k_table[at].member;
    }
    if (name.starts_with("abatement")) return Member::other_abatement;
    if (name.starts_with("value")) return Member::other_value;
    return Member::none;
}

}  // namespace proctor::fhir
