// Facts for a program, drawn around the numbers at which its tests change, from whatever gives numbers below n. It
// knows no record.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "rules/program.h"
#include "support/tree_walker.h"

namespace proctor::rules {

class FactDrawer {
public:
    // below(n): a number from 0 to n-1.
    using Below = std::function<int(int)>;

    explicit FactDrawer(const Program& program) : program_(program), edges_(program.facts.size(), {0}) {
        for (const Op& op : program.ops) {
            if (op.code != OpCode::compare) continue;
            if (op.line == 0) edges_[op.a].push_back(op.threshold);
            for (std::size_t i = 0; op.line != 0 && i < program.lines[op.line - 1].points.size(); ++i) {
                edges_[op.b].push_back(program.lines[op.line - 1].points[i].first);
                edges_[op.a].push_back(program.lines[op.line - 1].points[i].second);
            }
        }
    }

    [[nodiscard]] NamedFacts draw(const Below& below) const {
        NamedFacts facts;
        for (std::size_t i = 0; i < program_.facts.size(); ++i)
            facts.emplace(program_.facts[i].name, one(edges_[i], below));
        return facts;
    }

private:
    static FactResult one(const std::vector<Micro>& edges, const Below& below) {
        FactResult result;
        result.truth = static_cast<Truth>(below(3));
        if (below(2) == 0) result.time = fhir::Instant(std::chrono::milliseconds(below(3)));
        if (below(3) == 0) return result;
        const Micro one = near(edges, below), other = below(2) == 0 ? one : near(edges, below);
        const bool wide = one != other;
        result.value =
            fhir::Range{std::min(one, other), std::max(one, other), wide && below(2) == 0, wide && below(2) == 0};
        if (below(4) == 0) result.value->low.reset();
        if (below(4) == 0) result.value->high.reset();
        return result;
    }

    static Micro near(const std::vector<Micro>& edges, const Below& below) {
        constexpr Micro k_steps[] = {0, 1, -1, 400'000, -400'000, 1'000'000, -1'000'000};
        return edges[static_cast<std::size_t>(below(static_cast<int>(edges.size())))] + k_steps[below(7)];
    }

    const Program& program_;
    std::vector<std::vector<Micro>> edges_;  // by FactIndex
};

// As a program takes them.
inline Facts in_order(const Program& program, const NamedFacts& named) {
    Facts facts;
    for (const Fact& fact : program.facts) facts.results.push_back(named.at(fact.name));
    return facts;
}

}  // namespace proctor::rules
