#include "rules/mutants.h"

#include <algorithm>
#include <memory>

#include "rules/print_words.h"
#include "rules/threshold_step.h"

namespace proctor::rules {
namespace {

using Rules = std::set<std::uint32_t>;

// What each rule uses: facts by their place in the program, conditions by name.
class Uses {
public:
    explicit Uses(const Content& content) : content_(content) {
        for (const CompiledRule& compiled : content.program.rules) {
            const Rule& rule = content.rules[compiled.rule].rule;
            for (const Row& row : rule.decide) add(row.condition, compiled.rule);
            for (const RuleOrder& order : rule.orders) add_order(order, compiled.rule);
            for (const CompiledRow& row : compiled.rows) add_facts(row.condition, compiled.rule);
            for (const CompiledOrder& order : compiled.orders) add_facts(order.when, compiled.rule);
        }
    }
    [[nodiscard]] Rules of_condition(const std::string& name) const { return find(conditions_, name); }
    [[nodiscard]] Rules of_order(const std::string& id) const { return find(orders_, id); }
    [[nodiscard]] Rules of_fact(FactIndex fact) const { return find(facts_, fact); }

private:
    template <typename Key>
    static Rules find(const std::map<Key, Rules>& in, const Key& key) {
        const auto found = in.find(key);
        return found == in.end() ? Rules{} : found->second;
    }
    void add(const Expr& expr, std::uint32_t rule) {
        for (const Expr& operand : expr.operands) add(operand, rule);
        if (expr.kind != Expr::Kind::name) return;
        for (const Condition& condition : content_.conditions) {
            if (condition.name == expr.name && conditions_[condition.name].insert(rule).second) add(condition.is, rule);
        }
    }
    void add_order(const RuleOrder& order, std::uint32_t rule) {
        orders_[order.order].insert(rule);
        if (order.when) add(*order.when, rule);
        for (const Order& shared : content_.orders) {
            if (shared.id == order.order && shared.when) add(*shared.when, rule);
        }
    }
    void add_facts(Slot slot, std::uint32_t rule) {
        std::set<Slot> needed;
        add_needed(content_.program, slot, needed);
        for (const Slot one : needed) {
            const Op& op = content_.program.ops[one];
            const bool names = op.code == OpCode::fact || op.code == OpCode::compare || op.code == OpCode::newer;
            if (names) facts_[op.a].insert(rule);
            if (op.code == OpCode::newer || op.line != 0) facts_[op.b].insert(rule);
        }
    }

    const Content& content_;
    std::map<std::string, Rules> conditions_, orders_;
    std::map<FactIndex, Rules> facts_;
};

template <typename T>
std::function<void()> exchange_with(T& place, T value) {
    return [&place, value]() mutable { std::swap(place, value); };
}

std::string_view word(CompareOp op) {
    static constexpr std::string_view k_words[] = {"lt", "le", "gt", "ge"};
    return k_words[static_cast<std::size_t>(op)];
}

std::string text(const Compare& compare) {
    return std::string(word(compare.op)) + " " +
           (compare.line ? "the line by " + compare.line->by : fhir::print_micro(compare.threshold));
}

// Places in which a fact's windows stand, with the member's name.
struct Windows {
    using List = std::vector<std::pair<const char*, Duration*>>;
    List operator()(FindingFact& fact) const {
        List list;
        if (fact.conditions && fact.conditionWithin) list.emplace_back("conditionWithin", &*fact.conditionWithin);
        if (fact.observations) list.emplace_back("observationWithin", &fact.observationWithin);
        if (fact.repeated) list.emplace_back("repeated/apart", &fact.repeated->apart);
        return list;
    }
    List operator()(QuantityFact& fact) const { return {{"within", &fact.within}}; }
    List operator()(RatioFact& fact) const { return {{"paired", &fact.paired}, {"within", &fact.within}}; }
    List operator()(ScoreFact& fact) const { return {{"within", &fact.within}}; }
    List operator()(PositiveFact& fact) const { return {{"within", &fact.within}}; }
    List operator()(FlaggedFact& fact) const { return {{"within", &fact.within}}; }
    List operator()(TestedFact& fact) const {
        return {{"resultedWithin", &fact.resultedWithin}, {"orderedWithin", &fact.orderedWithin}};
    }
    List operator()(MedicationFact& fact) const { return optional("within", fact.within); }
    List operator()(OrderedFact& fact) const { return {{"orderedWithin", &fact.orderedWithin}}; }
    List operator()(PerformedFact& fact) const { return optional("within", fact.within); }
    List operator()(DurationFact& fact) const {
        List list = optional("conditionWithin", fact.conditionWithin);
        list.emplace_back("gap", &fact.gap);
        return list;
    }
    List operator()(RecurrenceFact& fact) const {
        return {{"apart", &fact.apart}, {"within", &fact.within}, {"clear", &fact.clear}};
    }
    List operator()(SeverityFact& fact) const {
        List list = optional("conditionWithin", fact.conditionWithin);
        list.emplace_back("observationWithin", &fact.observationWithin);
        return list;
    }
    List operator()(RatingFact& fact) const { return {{"within", &fact.within}}; }
    template <typename Other>
    List operator()(Other&) const {
        return {};
    }
    static List optional(const char* member, std::optional<Duration>& window) {
        return window ? List{{member, &*window}} : List{};
    }
};

Duration window_step(Duration window) {
    using std::chrono::hours;
    using std::chrono::minutes;
    return window >= hours(48) ? Duration(hours(24)) : window >= hours(2) ? Duration(hours(1)) : Duration(minutes(1));
}

constexpr const char* k_code_remedy = "a case in which it matters, or it to \"alsoWith\" of one";

std::string written_wrongly(const std::string& system, const std::string& code) {
    return "the code " + code + " of " + system + " is written wrongly";
}

std::string code_text(const fhir::CodeEntry& row) { return "\"" + row.code + (row.prefix ? "" : "\""); }

class Planter {
public:
    explicit Planter(Content& content) : content_(content), uses_(content) {}

    std::vector<Mutant> all() {
        for (const CompiledRule& compiled : content_.program.rules) add_rule(compiled.rule);
        for (Condition& condition : content_.conditions) {
            add_comparisons(condition.is, "conditions.json#/" + condition.name, uses_.of_condition(condition.name));
        }
        for (Order& order : content_.orders) {
            if (order.when) add_comparisons(*order.when, "orders.json#/" + order.id, uses_.of_order(order.id));
        }
        for (FactIndex i = 0; i < content_.program.facts.size(); ++i) add_windows(i);
        for (std::uint32_t i = 0; i < content_.codes.all().size(); ++i) add_code(i);
        for (Finding& finding : content_.findings) add_settled(finding);
        return std::move(mutants_);
    }

private:
    void add_rule(std::uint32_t index) {
        Rule& rule = content_.rules[index].rule;
        const std::string file = "rules/" + rule.id + "/rule.json#/";
        for (Row& row : rule.decide) {
            add_comparisons(row.condition, file + "decide/" + row.id, {index});
            add_indicators(row, file + "decide/" + row.id, index);
        }
        for (RuleOrder& order : rule.orders) {
            if (order.when) add_comparisons(*order.when, file + "orders/" + order.order, {index});
        }
    }

    void add_comparisons(Expr& expr, const std::string& where, const Rules& rules) {
        for (Expr& operand : expr.operands) add_comparisons(operand, where, rules);
        if (expr.kind != Expr::Kind::compare || rules.empty()) return;
        Compare& compare = expr.compare;
        const auto op = static_cast<unsigned>(compare.op);  // lt le gt ge
        Compare other = compare;
        other.op = static_cast<CompareOp>(op ^ 1U);
        add_comparison(compare, other, "at the threshold, " + at(compare, compare.threshold), where, rules);
        other.op = static_cast<CompareOp>(op ^ 2U);
        add_comparison(compare, other, "beside the threshold", where, rules);
        if (compare.line) {
            add_line_steps(compare, where, rules);
        } else {
            add_steps(compare, where, rules);
        }
    }

    void add_steps(Compare& compare, const std::string& where, const Rules& rules) {
        for (const Micro step : {-step_of(compare.threshold), step_of(compare.threshold)}) {
            Compare other = compare;
            other.threshold += step;
            const bool low =
                compare.op == CompareOp::lt || compare.op == CompareOp::ge;  // the lower of the two decides
            const Micro value =
                low ? std::min(compare.threshold, other.threshold) : std::max(compare.threshold, other.threshold);
            add_comparison(compare, other, "with " + at(compare, value), where, rules);
        }
    }

    void add_line_steps(Compare& compare, const std::string& where, const Rules& rules) {
        for (std::size_t i = 0; i < compare.line->points.size(); ++i) {
            const auto [x, y] = compare.line->points[i];
            for (const Micro step : {-step_of(y), step_of(y)}) {
                Line line = *compare.line;
                line.points[i].second += step;
                Compare other = compare;
                other.line = std::move(line);
                const std::string point =
                    compare.line->by + " " + fhir::print_micro(x) + ", at the limit " + at(compare, y);
                Mutant mutant = comparison(compare, other, "with " + point + " and just beside it", where, rules);
                mutant.change += " with " + fhir::print_micro(y + step) + " at " + fhir::print_micro(x);
                mutants_.push_back(std::move(mutant));
            }
        }
    }

    void add_comparison(Compare& compare, Compare& other, std::string value, const std::string& where,
                        const Rules& rules) {
        mutants_.push_back(comparison(compare, other, std::move(value), where, rules));
    }

    static Mutant comparison(Compare& compare, const Compare& other, std::string value, const std::string& where,
                             const Rules& rules) {
        return {MutantKind::comparison,       where, compare.fact + " " + text(compare) + " becomes " + text(other),
                "a case " + std::move(value), rules, "",
                exchange_with(compare, other)};
    }

    [[nodiscard]] static std::string at(const Compare& compare, Micro value) {
        return compare.fact + " " + (compare.line ? "on the line" : fhir::print_micro(value));
    }

    void add_indicators(Row& row, const std::string& where, std::uint32_t rule) {
        add_indicator(row.indicator, "\"expectIndicator\"", where, rule);
        for (auto& [profile, indicator] : row.profiles) {
            add_indicator(indicator, "\"profile\": \"" + profile + "\" and \"expectIndicator\"", where, rule);
        }
    }

    void add_indicator(Indicator& indicator, const std::string& says, const std::string& where, std::uint32_t rule) {
        for (const Indicator other : {Indicator::info, Indicator::warning, Indicator::critical}) {
            if (other == indicator) continue;
            mutants_.push_back({MutantKind::indicator,
                                where,
                                std::string(print(indicator)) + " becomes " + std::string(print(other)),
                                says + " in a case that fires it",
                                {rule},
                                "",
                                exchange_with(indicator, other)});
        }
    }

    void add_windows(FactIndex index) {
        Fact& fact = content_.program.facts[index];
        for (const auto& [member, window] : std::visit(Windows{}, fact.body)) {
            const Duration step = window_step(*window);
            if (*window <= step) continue;
            for (const Duration other : {*window - step, *window + step}) {
                mutants_.push_back({MutantKind::window, place_of(fact.name) + "/" + member,
                                    fhir::print_duration(*window) + " becomes " + fhir::print_duration(other),
                                    "a case in which it was exactly " + fhir::print_duration(std::max(*window, other)) +
                                        " and that says whether this counts",
                                    uses_.of_fact(index), "", exchange_with(*window, other)});
            }
        }
    }

    // "ADC-12/name" is the rule's own.
    [[nodiscard]] std::string place_of(const std::string& fact) const {
        const auto slash = fact.find('/');
        if (slash == std::string::npos) return "facts.json#/" + fact;
        for (const LoadedRule& loaded : content_.rules) {
            if (loaded.rule.code == fact.substr(0, slash)) {
                return "rules/" + loaded.rule.id + "/rule.json#/facts" + fact.substr(slash);
            }
        }
        return fact;
    }

    // A code with a wrong digit is a code that nobody sends.
    void add_code(std::uint32_t index) {
        const fhir::CodeEntry& row = content_.codes.row(index);
        if (!counts(row)) return;
        const auto table = std::make_shared<fhir::CodeTable>();
        mutants_.push_back({MutantKind::code, "valuesets/" + content_.valueSets[row.value_set].id + ".json",
                            written_wrongly(row.system, row.code), k_code_remedy, all_rules(), code_text(row),
                            [this_content = &content_, table, index] {
                                if (table->all().empty()) {
                                    *table = this_content->codes;
                                    this_content->codes.forget(index);
                                } else {
                                    this_content->codes = std::exchange(*table, fhir::CodeTable());
                                }
                            }});
    }

    // Never of `context`; a weak one counts here where a finding settles its whole value set or its family. What a
    // finding settles by the code itself counts by findings.json (add_settled), and what none settles does not.
    [[nodiscard]] bool counts(const fhir::CodeEntry& row) const {
        const bool weak = row.use == fhir::CodeUse::finding && row.strength == fhir::CodeStrength::weak;
        if (!weak) return row.use != fhir::CodeUse::context;
        const std::string& set = content_.valueSets[row.value_set].id;
        const auto settles = [&](const Settling& by) {
            return by.valueSet == set || (row.prefix && by.system == row.system && by.code == row.code);
        };
        return std::any_of(content_.findings.begin(), content_.findings.end(), [&](const Finding& finding) {
            return std::any_of(finding.settledBy.begin(), finding.settledBy.end(), settles);
        });
    }

    void add_settled(Finding& finding) {
        for (std::size_t i = 0; i < finding.settledBy.size(); ++i) {
            Settling& settling = finding.settledBy[i];
            if (settling.code.empty()) continue;
            mutants_.push_back({MutantKind::code, "findings.json#/" + finding.id + "/settledBy/" + std::to_string(i),
                                written_wrongly(settling.system, settling.code), k_code_remedy, all_rules(),
                                '"' + settling.code, exchange_with(settling.system, std::string())});
        }
    }

    [[nodiscard]] Rules all_rules() const {
        Rules all;
        for (const CompiledRule& compiled : content_.program.rules) all.insert(compiled.rule);
        return all;
    }

    Content& content_;
    Uses uses_;
    std::vector<Mutant> mutants_;
};

}  // namespace

std::string_view print(MutantKind kind) {
    switch (kind) {
        case MutantKind::comparison: return "comparisons";
        case MutantKind::window: return "windows";
        case MutantKind::indicator: return "indicators";
        case MutantKind::code: return "codes";
    }
    return "";
}

std::vector<Mutant> mutants_of(Content& content) { return Planter(content).all(); }

}  // namespace proctor::rules
