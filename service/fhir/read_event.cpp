// What happened or is to happen to the patient: times, orders, medications, reasons, and whether it was not done at
// all.
#include "fhir/read_resource.h"

namespace proctor::fhir {

void ResourceReader::read_event(ResourceParts& parts, Member member, JsonValue& value) {
    switch (member) {
        case Member::performedDateTime: parts.performed = value.text(); return;
        case Member::performedPeriod: parts.performed_period = read_period(value, context_); return;
        case Member::authoredOn:
        case Member::orderedOn:
        case Member::dateWritten:
        case Member::date: parts.authored = value.text(); return;
        case Member::dateAsserted: parts.asserted = value.text(); return;
        case Member::dateSent: parts.occurrence = value.text(); return;
        case Member::event:  // of a DSTU2 DiagnosticOrder: when it was asked for is the earliest
            value.elements([&](JsonValue& event) {
                event.members([&](std::string_view name, JsonValue& inner) {
                    if (!is(name, "dateTime")) return;
                    const auto time = inner.text();
                    if (parts.authored.empty() || time < parts.authored) parts.authored = time;
                });
            });
            return;
        case Member::occurrenceDateTime:
        case Member::scheduledDateTime: parts.occurrence = value.text(); return;
        case Member::occurrencePeriod: parts.occurrence_period = read_period(value, context_); return;
        case Member::occurrenceTiming: parts.event = read_last_event(value, context_); return;
        case Member::period:
        case Member::actualPeriod: parts.period = read_period(value, context_); return;
        default: return;
    }
}

// Each version has its own way to say that something did not happen. Whatever is unclear about that spoils the
// resource.
void ResourceReader::read_not_done(ResourceParts& parts, Member member, JsonValue& value) {
    if (member == Member::doNotPerform) {
        parts.do_not_perform = read_modifier(value, context_);
    } else if (member == Member::taken) {
        const auto taken = value.text();
        parts.not_done |= taken == "n";
        if (taken != "y" && taken != "n" && taken != "unk" && taken != "na") context_.unreadable = true;
    } else if (member == Member::adherence) {
        read_adherence(parts, value);
    } else {
        parts.not_done |= read_modifier(value, context_);
    }
}

// HL7 FHIR 5.0.0, medication-statement-adherence: families such as stopped, stopped-as-directed.
void ResourceReader::read_adherence(ResourceParts& parts, JsonValue& value) {
    const auto first = record_.codings.size();
    const bool object = value.members([&](std::string_view name, JsonValue& member) {
        if (is(name, "code")) read_concept(member, context_);
    });
    if (!object) context_.unreadable = true;
    for (auto i = first; i < record_.codings.size(); ++i) {
        const auto code = record_.codings[i].code;
        const bool taking = code.starts_with("taking") && parts.adherence == EventStatus::other;
        if (taking) parts.adherence = EventStatus::active;
        if (code.starts_with("on-hold")) parts.adherence = EventStatus::on_hold;
        if (code.starts_with("stopped")) parts.adherence = EventStatus::stopped;
        if (code.starts_with("not-taking")) parts.adherence = EventStatus::not_taken;
    }
    record_.codings.resize(first);
}

void ResourceReader::read_medication(ResourceParts& parts, Member member, JsonValue& value) {
    switch (member) {
        case Member::medicationCodeableConcept: parts.medication = read_concept(value, context_); return;
        case Member::medicationReference:
            parts.medication_reference = read_reference(value, context_, &parts.medication_display);
            return;
        case Member::medication:  // R5 CodeableReference
            if (!value.is_object()) context_.unreadable = true;
            value.members([&](std::string_view name, JsonValue& inner) {
                if (is(name, "concept")) parts.medication = read_concept(inner, context_);
                if (is(name, "reference"))
                    parts.medication_reference = read_reference(inner, context_, &parts.medication_display);
            });
            return;
        default: return;
    }
}

void ResourceReader::read_order(ResourceParts& parts, Member member, JsonValue& value) {
    const auto read_item = [&](JsonValue& element) {
        OrderItem item;
        const bool object = element.members([&](std::string_view name, JsonValue& inner) {
            if (is(name, "code")) item.code = read_concept(inner, context_);
            if (!is(name, "status") || inner.is_null()) return;
            if (!inner.is_string()) context_.unreadable = true;
            item.status = inner.text();
        });
        if (!object) context_.unreadable = true;
        parts.items.push_back(item);
    };
    switch (member) {
        case Member::item:
            if (!value.elements(read_item)) context_.unreadable = true;
            return;
        case Member::serviceRequested:
            if (!value.is_array()) context_.unreadable = true;
            value.elements([&](JsonValue& element) { parts.items.push_back({read_concept(element, context_), {}}); });
            return;
        case Member::reasonCode:
        case Member::reason:  // of other resources it is why something was done, not what the patient has
            if (parts.type && *parts.type != ResourceType::encounter) return;
            if (!value.elements([&](JsonValue& reason) { read_reason(parts, member, reason); }))
                parts.odd_reason = true;
            return;
        default: return;
    }
}

// A CodeableConcept, or in R5 a list of them in `value`.
void ResourceReader::read_reason(ResourceParts& parts, Member of, JsonValue& value) {
    CodeableConcept plain;
    bool listed = false;
    const bool object = value.members([&](std::string_view name, JsonValue& member) {
        if (is(name, "value")) {
            listed = true;
            if (!member.elements([&](JsonValue& one) { parts.reasons.push_back(read_concept(one, context_)); }) &&
                !member.is_null())
                parts.odd_reason = true;
        } else {
            read_concept_member(name, member, plain, context_);
        }
    });
    if (!object && !value.is_null()) context_.unreadable = true;
    if (!listed && object) parts.reasons.push_back(plain);
    if (object && parts.type && of == Member::reason) context_.versions &= listed ? k_r5 : k_dstu2 | k_stu3;
}

}  // namespace proctor::fhir
