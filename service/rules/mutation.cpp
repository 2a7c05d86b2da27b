#include "rules/mutation.h"

#include <algorithm>
#include <future>

#include "rules/case_run.h"
#include "rules/compile.h"

namespace proctor::rules {
namespace {

struct Prepared {
    fhir::Record patient;
    Facts facts;
};

// A case with another code decides nothing that the case itself does not, but for that code.
bool could_notice(const Mutant& mutant, const Case& example) {
    if (mutant.kind != MutantKind::code) return !example.also;
    const auto stands_in = [&](const std::string& json) { return json.find(mutant.code) != std::string::npos; };
    return stands_in(example.bundle) || stands_in(example.drafts) || stands_in(example.conditions);
}

// A copy of the content in which faults are planted, with what the cases of each rule look like without one.
class Bench {
public:
    explicit Bench(const Content& content) : content_(content), lookup_(content_), prepared_(content.rules.size()) {
        for (const CompiledRule& compiled : content_.program.rules) {
            for (const Case& example : content_.rules[compiled.rule].cases) {
                auto patient = read_patient(content_, example);
                Facts facts = patient ? look_up_case(lookup_, *patient, example) : Facts{};
                prepared_[compiled.rule].push_back({patient ? std::move(*patient) : fhir::Record{}, std::move(facts)});
            }
        }
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    [[nodiscard]] Content& content() { return content_; }

    [[nodiscard]] bool notices(const Mutant& mutant) {
        if (!mutant.code.empty() && !stands_in_a_case(mutant)) return false;
        mutant.flip();
        Program program;
        const bool compiles = mutant.kind == MutantKind::comparison;
        if (compiles) std::swap(program = compile(content_), content_.program);
        const bool noticed = std::any_of(mutant.rules.begin(), mutant.rules.end(),
                                         [&](std::uint32_t rule) { return rule_notices(mutant, rule); });
        if (compiles) std::swap(program, content_.program);
        mutant.flip();
        return noticed;
    }

private:
    [[nodiscard]] bool stands_in_a_case(const Mutant& mutant) const {
        const auto stands = [&](const Case& example) { return could_notice(mutant, example); };
        return std::any_of(mutant.rules.begin(), mutant.rules.end(), [&](std::uint32_t rule) {
            const auto& cases = content_.rules[rule].cases;
            return std::any_of(cases.begin(), cases.end(), stands);
        });
    }

    [[nodiscard]] bool rule_notices(const Mutant& mutant, std::uint32_t rule) const {
        const auto& cases = content_.rules[rule].cases;
        for (std::size_t i = 0; i < cases.size(); ++i) {
            if (!could_notice(mutant, cases[i])) continue;
            if (mutant.kind != MutantKind::code) {
                const Prepared& prepared = prepared_[rule][i];
                if (disagrees(rule, cases[i], prepared.patient, outcome_of(mutant.kind, cases[i], prepared)))
                    return true;
            } else if (const auto patient = read_patient(content_, cases[i])) {
                if (disagrees(rule, cases[i], *patient, run_case(content_, lookup_, *patient, cases[i]))) return true;
            }
        }
        return false;
    }

    [[nodiscard]] bool disagrees(std::uint32_t index, const Case& example, const fhir::Record& patient,
                                 const Outcome& outcome) const {
        const Rule& rule = content_.rules[index].rule;
        return !disagreements(rule, example, answer_of(outcome, index)).empty() ||
               !ordered_disagreements(content_, rule, example, patient).empty();
    }

    // Only what the fault can change is done again.
    [[nodiscard]] Outcome outcome_of(MutantKind kind, const Case& example, const Prepared& prepared) const {
        return kind == MutantKind::window ? run_case(content_, lookup_, prepared.patient, example)
                                          : evaluate_case(content_, prepared.facts, example);
    }

    Content content_;
    FactLookup lookup_;
    std::vector<std::vector<Prepared>> prepared_;  // by rule and case
};

struct Part {
    std::size_t index = 0, of = 1;
};

MutationReport run_part(const Content& content, std::optional<std::uint32_t> rule, Part part) {
    Bench bench(content);
    const auto mutants = mutants_of(bench.content());
    MutationReport report;
    for (std::size_t i = part.index; i < mutants.size(); i += part.of) {
        const Mutant& mutant = mutants[i];
        if (mutant.rules.empty() || (rule && mutant.rules.count(*rule) == 0)) continue;
        MutationScore& score = report.scores[static_cast<std::size_t>(mutant.kind)];
        ++score.of;
        if (bench.notices(mutant)) {
            ++score.noticed;
        } else {
            report.survivors.push_back({mutant.change + ", and no case notices: add " + mutant.remedy, mutant.where});
        }
    }
    return report;
}

}  // namespace

MutationReport mutate(const Content& content, std::optional<std::uint32_t> rule, std::size_t threads) {
    std::vector<std::future<MutationReport>> parts;
    for (std::size_t i = 0; i < threads; ++i) {
        parts.push_back(std::async(std::launch::async, run_part, std::cref(content), rule, Part{i, threads}));
    }
    MutationReport whole;
    for (auto& part : parts) {
        MutationReport report = part.get();
        for (std::size_t kind = 0; kind < k_mutant_kinds; ++kind) {
            whole.scores[kind].noticed += report.scores[kind].noticed;
            whole.scores[kind].of += report.scores[kind].of;
        }
        std::move(report.survivors.begin(), report.survivors.end(), std::back_inserter(whole.survivors));
    }
    const auto before = [](const Error& a, const Error& b) {
        return std::tie(a.where, a.message) < std::tie(b.where, b.message);
    };
    std::sort(whole.survivors.begin(), whole.survivors.end(), before);
    return whole;
}

}  // namespace proctor::rules
