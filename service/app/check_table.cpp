#include "app/check_table.h"

#include <algorithm>
#include <vector>

namespace proctor::app {
namespace {

using rules::Covered;

std::string_view print(rules::RuleStatus status) {
    switch (status) {
        case rules::RuleStatus::draft: return "draft";
        case rules::RuleStatus::active: return "active";
        case rules::RuleStatus::retired: return "retired";
    }
    return "";
}

std::string ratio(Covered covered) { return std::to_string(covered.touched) + "/" + std::to_string(covered.of); }

Covered sum(Covered a, Covered b) { return {a.touched + b.touched, a.of + b.of}; }

using Cells = std::vector<std::string>;

void add_coverage(Cells& cells, const rules::RuleCoverage& covered) {
    for (const Covered part :
         {covered.rows, covered.indicators, covered.thresholds, covered.unknowns, covered.orders}) {
        cells.push_back(ratio(part));
    }
}

std::string line_of(const Cells& cells, const std::vector<std::size_t>& widths) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        line += cells[i] + std::string(widths[i] - cells[i].size() + 2, ' ');
    }
    return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string write_check_table(const rules::Content& content, const rules::CheckReport& report) {
    std::vector<Cells> table = {
        {"rule", "id", "status", "cases", "rows", "levels", "thresholds", "missing data", "orders"}};
    rules::RuleCoverage all;
    for (std::size_t i = 0; i < content.rules.size(); ++i) {
        const auto& loaded = content.rules[i];
        const auto& covered = report.coverage[i];
        table.push_back({loaded.rule.code, loaded.rule.id, std::string(print(loaded.rule.status)),
                         std::to_string(loaded.cases.size())});
        add_coverage(table.back(), covered);
        all = {sum(all.rows, covered.rows), sum(all.indicators, covered.indicators),
               sum(all.thresholds, covered.thresholds), sum(all.unknowns, covered.unknowns),
               sum(all.orders, covered.orders)};
    }
    table.push_back({"", "", "", std::to_string(report.cases)});
    add_coverage(table.back(), all);
    std::vector<std::size_t> widths(table.front().size());
    for (const Cells& cells : table) {
        for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
    }
    std::string text;
    for (const Cells& cells : table) text += line_of(cells, widths);
    return text;
}

}  // namespace proctor::app
