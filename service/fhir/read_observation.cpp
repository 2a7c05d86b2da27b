// What was observed: times, values, parts, and where on the body.
#include "fhir/read_resource.h"

namespace proctor::fhir {

void ResourceReader::read_observation(ResourceParts& parts, Member member, JsonValue& value) {
    auto& observation = parts.observation;
    switch (member) {
        case Member::bodySite: read_body_site(observation, value); return;
        case Member::bodyStructure: read_body_structure(observation, value); return;
        case Member::effectiveDateTime:
        case Member::effectiveTimeDateTime:
        case Member::occurenceDateTime: parts.effective = value.text(); return;
        case Member::effectiveInstant: parts.effective_instant = value.text(); return;
        case Member::effectivePeriod:
        case Member::effectiveTimePeriod:
        case Member::occurencePeriod: parts.effective_period = read_period(value, context_); return;
        case Member::effectiveTiming:
        case Member::occurenceTiming: parts.event = read_last_event(value, context_); return;
        case Member::issued: parts.issued = value.text(); return;
        case Member::focus: read_focus(parts, value); return;
        case Member::component:
            if (!value.elements([&](JsonValue& element) {
                    observation.has_parts = true;
                    read_component(element);
                }))
                context_.unreadable = true;
            return;
        case Member::hasMember: value.elements([&](JsonValue&) { observation.has_parts = true; }); return;
        case Member::related: read_related(parts, value); return;
        default: return;
    }
}

void ResourceReader::read_value(Observation& into, Member member, JsonValue& value) {
    const auto has = [&](ValueKind kind, bool fits) {
        if (!fits || into.kind != ValueKind::none) context_.unreadable = true;
        into.kind = kind;
    };
    switch (member) {
        case Member::valueQuantity: {
            bool numeric = true;
            into.quantity = read_quantity(value, context_, &numeric);
            return has(ValueKind::quantity, numeric);
        }
        case Member::valueCodeableConcept:
            into.value = read_concept(value, context_);
            return has(ValueKind::concept_, true);
        case Member::valueString: into.text = value.text(); return has(ValueKind::string, value.is_string());
        case Member::valueBoolean: into.boolean = value.boolean(); return has(ValueKind::boolean, value.is_boolean());
        case Member::valueInteger:
            into.quantity.value = value.number();
            return has(ValueKind::integer, value.is_number());
        case Member::value_extension:
            if (!read_absent_reason(value).empty()) into.data_absent = true;
            return;
        case Member::other_value: return has(ValueKind::other, true);
        case Member::interpretation:
            context_.versions &= value.is_array() ? k_r4 | k_r5 : k_dstu2 | k_stu3;
            into.interpretation = read_concept_codings(value, context_);
            return;
        case Member::dataAbsentReason: into.data_absent = true; return;
        default: return;
    }
}

void ResourceReader::read_component(JsonValue& value) {
    Observation component;
    const bool object = value.members([&](std::string_view name, JsonValue& inner) {
        const auto member = member_named(name).member;
        if (inner.is_null()) return;
        if (member == Member::code)
            component.code = read_concept(inner, context_);
        else
            read_value(component, member, inner);
    });
    if (!object && !value.is_null()) context_.unreadable = true;
    if (object) components_.push_back(component);
}

// One, or a list where it should be one: then its texts count as displays do.
void ResourceReader::read_body_site(Observation& observation, JsonValue& value) {
    if (!value.is_array()) {
        observation.body_site = read_concept(value, context_);
        return;
    }
    const auto first = static_cast<std::uint32_t>(record_.codings.size());
    value.elements([&](JsonValue& element) {
        const auto site = read_concept(element, context_);
        if (!site.text.empty()) record_.codings.push_back({0, {}, {}, site.text});
    });
    observation.body_site.codings = {first, static_cast<std::uint32_t>(record_.codings.size()) - first};
}

// R5, in place of a body site: what the reference displays; without that a site that nobody can read.
void ResourceReader::read_body_structure(Observation& observation, JsonValue& value) {
    const auto first = static_cast<std::uint32_t>(record_.codings.size());
    std::string_view display;
    read_reference(value, context_, &display);
    record_.codings.push_back({0, {}, {}, display});
    observation.body_site.codings = {first, 1};
}

// A list, but one Reference in R5 Procedure.
void ResourceReader::read_focus(ResourceParts& parts, JsonValue& value) {
    const auto read_one = [&](JsonValue& element) {
        if (element.is_object()) parts.focus.push_back(kept(read_reference(element, context_)));
    };
    if (!value.elements(read_one)) read_one(value);
}

void ResourceReader::read_related(ResourceParts& parts, JsonValue& value) {
    value.elements([&](JsonValue& element) {
        element.members([&](std::string_view name, JsonValue& member) {
            if (is(name, "type") && member.text() == "has-member") parts.observation.has_parts = true;
        });
    });
}

}  // namespace proctor::fhir
