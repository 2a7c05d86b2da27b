#include "hooks/hook_table.h"

#include <gtest/gtest.h>

#include <set>

#include "hooks/fact_sources.h"

#include "rules/content.h"
#include "rules/occasion.h"
#include "support/shipped_content.h"

namespace proctor::hooks::hook_table_test {
namespace {

const rules::Content& cards() { return *support::shipped_content(); }

bool looks_at_drafts_alone(const rules::Fact& fact) {
    const auto* medication = std::get_if<rules::MedicationFact>(&fact.body);
    return medication != nullptr && medication->draftsWhenWriting;
}

// The facts behind a slot.
void add_facts(rules::Slot slot, std::set<rules::FactIndex>& facts) {
    const auto& program = cards().program;
    const rules::Op& op = program.ops[slot];
    for (const rules::Slot operand : program.operands_of(op)) add_facts(operand, facts);
    if (op.code == rules::OpCode::fact || op.code == rules::OpCode::compare || op.code == rules::OpCode::newer)
        facts.insert(op.a);
    if (op.code == rules::OpCode::newer || op.line != 0) facts.insert(op.b);
}

std::set<rules::FactIndex> facts_of(const rules::CompiledRule& rule) {
    std::set<rules::FactIndex> facts;
    for (const auto& row : rule.rows) add_facts(row.condition, facts);
    for (const auto& order : rule.orders) add_facts(order.when, facts);
    return facts;
}

TEST(HookTable, EveryHookHasAServiceAndEveryRuleAServedHook) {
    for (const auto& row : hook_table()) EXPECT_NE(find_service(row.service), nullptr) << row.hook;
    EXPECT_EQ(find_hook("medication-prescribe"), nullptr);
    EXPECT_EQ(find_service(""), nullptr);
    for (const auto& loaded : cards().rules) {
        for (const auto& hook : loaded.rule.hooks) EXPECT_NE(find_hook(hook), nullptr) << loaded.rule.code;
    }
}

TEST(HookTable, DiscoveryAsksForEverySearchThatARuleOfItsHookNeeds) {
    for (const auto& compiled : cards().program.rules) {
        const rules::Rule& rule = cards().rules[compiled.rule].rule;
        for (const auto& hook : rule.hooks) {
            const Service& service = *find_service(find_hook(hook)->service);
            for (const auto index : facts_of(compiled)) {
                const rules::Fact& fact = cards().program.facts[index];
                if (rules::is_writing(hook) && looks_at_drafts_alone(fact)) continue;
                for (const auto source : sources_of(cards(), fact))
                    EXPECT_TRUE(asks_for(service, source)) << rule.code << " at " << hook << ": " << fact.name;
            }
        }
    }
}

// A drug or label on the chart is old news while something else is written.
TEST(HookTable, ARuleThatRunsWhenSomethingIsWrittenLooksAtWhatIsWritten) {
    for (const auto& compiled : cards().program.rules) {
        const rules::Rule& rule = cards().rules[compiled.rule].rule;
        for (const auto& hook : rule.hooks) {
            if (!rules::is_writing(hook)) continue;
            bool looks = false;
            for (const auto index : facts_of(compiled)) {
                const auto& body = cards().program.facts[index].body;
                const auto* finding = std::get_if<rules::FindingFact>(&body);
                looks = looks || looks_at_drafts_alone(cards().program.facts[index]) ||
                        (finding != nullptr && finding->draftsWhenWriting);
            }
            EXPECT_TRUE(looks) << rule.code << " at " << hook;
        }
    }
}

}  // namespace
}  // namespace proctor::hooks::hook_table_test
