#include "fhir/read_parts.h"

namespace proctor::fhir {
namespace {

// Runs `each` over an object's members; anything else but null spoils the resource.
template <typename Each>
void read_object(JsonValue& value, PartContext& context, Each&& each) {
    if (!value.members(each) && !value.is_null()) context.unreadable = true;
}

// What is looked up: of another type it would be lost.
std::string_view read_string(JsonValue& value, PartContext& context) {
    if (!value.is_string() && !value.is_null()) context.unreadable = true;
    return value.text();
}

std::string_view kept_system(JsonValue& value, PartContext& context) {
    const auto system = read_string(value, context);
    if (system != context.last_system) context.last_system = system;
    return context.last_system;
}

void read_coding(JsonValue& value, PartContext& context) {
    Coding coding;
    read_object(value, context, [&](std::string_view name, JsonValue& member) {
        if (is(name, "system"))
            coding.system = kept_system(member, context);
        else if (is(name, "code"))
            coding.code = read_string(member, context);
        else if (is(name, "display"))
            coding.display = member.text();
    });
    coding.id = context.setup.codes.find(coding.system, coding.code);
    context.record.codings.push_back(coding);
}

void read_codings(JsonValue& value, PartContext& context) {
    const bool array = value.elements([&](JsonValue& element) {
        if (!element.is_null()) read_coding(element, context);
    });
    if (!array && !value.is_null()) context.unreadable = true;
}

Span codings_since(std::size_t first, const Record& record) {
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(record.codings.size() - first)};
}

std::optional<Comparator> comparator_of(std::string_view text) {
    if (text == "<") return Comparator::lt;
    if (text == "<=") return Comparator::le;
    if (text == ">=") return Comparator::ge;
    if (text == ">") return Comparator::gt;
    return std::nullopt;
}

}  // namespace

CodeableConcept read_concept(JsonValue& value, PartContext& context) {
    CodeableConcept out;
    const auto first = context.record.codings.size();
    read_object(value, context, [&](std::string_view name, JsonValue& member) {
        if (is(name, "coding"))
            read_codings(member, context);
        else if (is(name, "text"))
            out.text = member.text();
        else if (is(name, "concept"))
            read_concept_member(name, member, out, context);
    });
    out.codings = codings_since(first, context.record);
    return out;
}

void read_concept_member(std::string_view name, JsonValue& member, CodeableConcept& into, PartContext& context) {
    if (is(name, "coding")) {
        const auto first = context.record.codings.size();
        read_codings(member, context);
        into.codings = codings_since(into.codings.count == 0 ? first : into.codings.first, context.record);
    } else if (is(name, "text")) {
        into.text = member.text();
    } else if (is(name, "concept") && !member.is_null()) {
        context.versions &= k_r5;
        into = read_concept(member, context);
    }
}

Span read_concept_codings(JsonValue& value, PartContext& context) {
    const auto first = context.record.codings.size();
    const bool array = value.elements([&](JsonValue& element) { read_concept(element, context); });
    if (!array) read_concept(value, context);
    return codings_since(first, context.record);
}

// A comparator that R4 does not know (R5 has "ad", sufficient to achieve) leaves the value without a meaning: a bare
// quantity, which no unit can be read of.
Quantity read_quantity(JsonValue& value, PartContext& context, bool* numeric) {
    Quantity out;
    bool understood = true;
    read_object(value, context, [&](std::string_view name, JsonValue& member) {
        if (is(name, "value")) {
            if (numeric != nullptr) *numeric = member.is_number() || member.is_null();
            out.value = member.number();
        } else if (is(name, "unit"))
            out.unit = member.text();
        else if (is(name, "system"))
            out.system = member.text();
        else if (is(name, "code"))
            out.code = member.text();
        else if (is(name, "comparator") && !member.is_null()) {
            const auto comparator = comparator_of(member.text());
            understood = comparator.has_value();
            out.comparator = comparator.value_or(Comparator::none);
        }
    });
    return understood ? out : Quantity{};
}

std::string_view read_reference(JsonValue& value, PartContext& context, std::string_view* display) {
    std::string_view out;
    read_object(value, context, [&](std::string_view name, JsonValue& member) {
        if (is(name, "reference")) out = member.text();
        if (display != nullptr && is(name, "display")) *display = member.text();
    });
    return out;
}

std::string_view read_next(JsonValue& links) {
    std::string_view next;
    links.elements([&](JsonValue& link) {
        bool is_next = false;
        std::string_view url;
        link.members([&](std::string_view name, JsonValue& member) {
            if (is(name, "relation")) is_next = member.text() == "next";
            if (is(name, "url")) url = member.text();
        });
        if (is_next) next = url.empty() ? " " : url;
    });
    return next;
}

Period read_period(JsonValue& value, PartContext& context) {
    Period out;
    read_object(value, context, [&](std::string_view name, JsonValue& member) {
        if (is(name, "start"))
            out.start = member.text();
        else if (is(name, "end"))
            out.end = member.text();
    });
    return out;
}

bool read_modifier(JsonValue& value, PartContext& context) {
    if (!value.is_boolean()) context.unreadable = true;
    return value.boolean();
}

std::string_view read_absent_reason(JsonValue& element) {
    std::string_view reason;
    const auto read_extension = [&](JsonValue& extension) {
        std::string_view url, code;
        extension.members([&](std::string_view name, JsonValue& member) {
            if (is(name, "url")) url = member.text();
            if (is(name, "valueCode")) code = member.text();
        });
        if (url == "http://hl7.org/fhir/StructureDefinition/data-absent-reason") reason = code;
    };
    element.members([&](std::string_view name, JsonValue& member) {
        if (is(name, "extension")) member.elements(read_extension);
    });
    return reason;
}

Moment read_last_event(JsonValue& value, PartContext& context) {
    Moment out;
    read_object(value, context, [&](std::string_view name, JsonValue& member) {
        if (!is(name, "event")) return;
        member.elements([&](JsonValue& event) { out = event.text(); });
    });
    return out;
}

std::optional<TimeSpan> first_readable(std::initializer_list<Moment> moments, const Zone& zone) {
    for (const auto moment : moments) {
        if (const auto time = read_time(moment, zone)) return time;
    }
    return std::nullopt;
}

}  // namespace proctor::fhir
