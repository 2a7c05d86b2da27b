#include "rules/case_run.h"

#include <algorithm>

#include "fhir/read.h"
#include "rules/by_id.h"
#include "rules/live_order.h"

namespace proctor::rules {
namespace {

std::string quoted(const std::string& row) { return row.empty() ? "no card" : "row \"" + row + "\""; }

std::string listed(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    return list.empty() ? "no orders" : list;
}

std::string difference(const std::string& expected, const std::string& got) {
    return expected == got ? "" : "expected " + expected + ", got " + got;
}

std::string unknown_difference(const Rule& rule, const Case& example, const std::vector<std::uint32_t>& unknown) {
    const auto expected = [&](std::uint32_t row) { return rule.decide[row].id == example.unknownRow; };
    const bool as_expected =
        example.unknownRow.empty() ? unknown.empty() : std::any_of(unknown.begin(), unknown.end(), expected);
    if (as_expected) return "";
    return unknown.empty() ? "row \"" + example.unknownRow + "\" could be decided"
                           : "row \"" + rule.decide[unknown.front()].id + "\" could not be decided";
}

std::string indicator_difference(const Rule& rule, const Case& example, std::uint32_t row) {
    if (!example.indicator) return "";
    return difference(std::string(print(*example.indicator)),
                      std::string(print(indicator_of(rule.decide[row], example.profile))));
}

std::string order_difference(const Rule& rule, const Case& example, const std::vector<std::uint32_t>& orders) {
    if (!example.orders) return "";
    std::vector<std::string> got;
    got.reserve(orders.size());
    for (const std::uint32_t order : orders) got.push_back(rule.orders[order].order);
    return difference(listed(*example.orders), listed(std::move(got)));
}

// What the clinician is writing.
Status add_context(fhir::Record& record, const Content& content, const Case& example) {
    const fhir::ReadSetup setup{content.codes, fhir::Zone()};
    if (!example.drafts.empty()) {
        if (auto added = fhir::add_drafts(record, fhir::PaddedJson(example.drafts), setup); !added) return added;
    }
    if (example.conditions.empty()) return Done{};
    return fhir::add_draft_conditions(record, fhir::PaddedJson(example.conditions), setup);
}

}  // namespace

Result<fhir::Record> read_patient(const Content& content, const Case& example) {
    auto record = fhir::read_bundle(fhir::PaddedJson(example.bundle), {content.codes, fhir::Zone()});
    if (!record) return record;
    if (auto added = add_context(*record, content, example); !added) return added.error();
    if (record->unreadable != 0) return Error{"a resource is not shaped as FHIR R4", ""};
    for (const fhir::Source source : example.notSupplied) {
        record->supply[static_cast<std::size_t>(source)] = fhir::Supply::absent;
    }
    return record;
}

Outcome run_case(const Content& content, const FactLookup& lookup, const fhir::Record& patient, const Case& example) {
    return evaluate_case(content, look_up_case(lookup, patient, example), example);
}

Facts look_up_case(const FactLookup& lookup, const fhir::Record& patient, const Case& example) {
    return lookup.look_up(patient, Occasion{example.asOf, example.hook, example.encounterId});
}

Outcome evaluate_case(const Content& content, Facts facts, const Case& example) {
    return evaluate(content, std::move(facts), example.hook);
}

CaseAnswer answer_of(const Outcome& outcome, std::uint32_t rule) {
    CaseAnswer answer;
    for (const Fired& fired : outcome.fired) {
        if (fired.rule != rule) continue;
        answer.row = fired.row;
        answer.orders = fired.orders;
    }
    for (const NotChecked& open : outcome.not_checked) {
        if (open.rule == rule) answer.unknown.push_back(open.row);
    }
    return answer;
}

std::vector<Error> disagreements(const Rule& rule, const Case& example, const CaseAnswer& answer) {
    std::vector<Error> all;
    const auto note = [&](std::string what, const char* where) {
        if (!what.empty()) all.push_back({std::move(what), where});
    };
    note(difference(quoted(example.row), quoted(answer.row ? rule.decide[*answer.row].id : "")), "/expect");
    note(unknown_difference(rule, example, answer.unknown), "/expectUnknown");
    if (!answer.row) return all;
    note(indicator_difference(rule, example, *answer.row), "/expectIndicator");
    note(order_difference(rule, example, answer.orders), "/expectOrders");
    return all;
}

std::vector<Error> ordered_disagreements(const Content& content, const Rule& rule, const Case& example,
                                         const fhir::Record& patient) {
    if (!example.alreadyOrdered) return {};
    std::vector<std::string> got;
    for (const RuleOrder& order : rule.orders) {
        const Order* known = find_by_id(content.orders, order.order);
        if (known != nullptr && is_satisfied(content, patient, example.asOf, *known)) got.push_back(order.order);
    }
    std::string differs = difference(listed(*example.alreadyOrdered), listed(std::move(got)));
    return differs.empty() ? std::vector<Error>() : std::vector<Error>{{std::move(differs), "/expectAlreadyOrdered"}};
}

}  // namespace proctor::rules
