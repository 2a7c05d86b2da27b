#include "batch/result_line.h"

#include "base/json.h"
#include "hooks/compose.h"

namespace proctor::batch {
namespace {

using json = nlohmann::ordered_json;

bool is_active(const rules::LoadedRule& loaded) { return loaded.rule.status == rules::RuleStatus::active; }

json write_rules(const Evaluated& evaluated) {
    json list = json::array();
    for (const rules::Fired& fired : evaluated.answered.outcome.fired) {
        const rules::LoadedRule& loaded = evaluated.engine.content->rules[fired.rule];
        if (!is_active(loaded)) continue;
        list.push_back({{"id", loaded.rule.id},
                        {"code", loaded.rule.code},
                        {"row", loaded.rule.decide[fired.row].id},
                        {"indicator", rules::print(hooks::indicator_of(loaded.rule, fired.row, evaluated.settings))}});
    }
    return list;
}

// Draft rules that fired; no card comes of them.
json write_drafts(const Evaluated& evaluated) {
    json list = json::array();
    for (const rules::Fired& fired : evaluated.answered.outcome.fired) {
        const rules::LoadedRule& loaded = evaluated.engine.content->rules[fired.rule];
        if (loaded.rule.status != rules::RuleStatus::draft) continue;
        list.push_back({{"id", loaded.rule.id}, {"code", loaded.rule.code}, {"row", loaded.rule.decide[fired.row].id}});
    }
    return list;
}

json write_not_checked(const Evaluated& evaluated) {
    const rules::Content& content = *evaluated.engine.content;
    json list = json::array();
    for (const rules::NotChecked& open : evaluated.answered.outcome.not_checked) {
        const rules::LoadedRule& loaded = content.rules[open.rule];
        if (!is_active(loaded)) continue;
        json missing = json::array();
        for (const auto fact : open.missing) missing.push_back(content.program.facts[fact].title);
        list.push_back(
            {{"rule", loaded.rule.id}, {"row", loaded.rule.decide[open.row].id}, {"missing", std::move(missing)}});
    }
    return list;
}

}  // namespace

std::string write_result(const Evaluated& evaluated) {
    json head = {{"patient", "Patient/" + std::string(evaluated.record.patient.id)},
                 {"asOf", fhir::print_instant(evaluated.as_of)},
                 {"rules", write_rules(evaluated)},
                 {"notChecked", write_not_checked(evaluated)}};
    if (json drafts = write_drafts(evaluated); !drafts.empty()) head["drafts"] = std::move(drafts);
    std::string line = head.dump(-1, ' ', false, json::error_handler_t::replace);
    // The cards as a hook's answer writes them, {"cards":[...]}, are the last member.
    line.back() = ',';
    return line.append(hooks::write_cards(evaluated.answered.cards), 1);
}

}  // namespace proctor::batch
