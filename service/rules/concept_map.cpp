#include "rules/concept_map.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "rules/find_codes.h"
#include "rules/parse.h"

namespace proctor::rules {
namespace {

using fhir::SystemPattern;

enum class Meaning : std::uint8_t { kept, none, unused };

std::optional<Meaning> meaning_of(const std::string& equivalence) {
    static const std::map<std::string, Meaning> k_known = {
        {"equal", Meaning::kept},         {"equivalent", Meaning::kept}, {"wider", Meaning::kept},
        {"subsumes", Meaning::kept},      {"unmatched", Meaning::none},  {"disjoint", Meaning::none},
        {"narrower", Meaning::unused},    {"inexact", Meaning::unused},  {"relatedto", Meaning::unused},
        {"specializes", Meaning::unused},
    };
    const auto found = k_known.find(equivalence);
    return found == k_known.end() ? std::nullopt : std::optional(found->second);
}

// A code that is the same but for punctuation and case: "K625" for "K62.5". Nothing looser: another digit is another
// disease.
std::string meant_code(const std::string& code, const std::vector<std::string>& known) {
    const auto bare = [](const std::string& text) {
        std::string out;
        for (const char c : text) {
            if (c >= '0' && c <= '9') out += c;
            if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) out += static_cast<char>(c | 0x20);
        }
        return out;
    };
    for (const std::string& one : known) {
        if (bare(one) == bare(code)) return ", did you mean \"" + one + "\"?";
    }
    return "";
}

struct Group {
    SystemPattern source;
    std::string source_text, target;
};

// What one element says of its code.
struct Statement {
    SystemPattern source;
    std::string target_system;
    std::vector<fhir::MappedTo> meanings;
    Reader at;
};

class MapReader {
public:
    MapReader(const Content& content, Problems& problems) : content_(content), problems_(problems) {
        for (const fhir::CodeEntry& row : content.codes.all()) {
            auto& codes = codes_of_[row.system];
            if (!row.prefix) codes.push_back(row.code);
        }
        for (const auto& [system, codes] : codes_of_) systems_.push_back(system);
    }

    void read(const MapFile& file) {
        auto document = parse_json(file.text);
        if (!document) return problems_.add(file.name, document.error().where, document.error().message);
        const Node& root = documents_.emplace_back(std::move(*document));
        const Reader at(&root, file.name, problems_);
        if (at["resourceType"].text() != "ConceptMap") return at.fail("is not a FHIR R4 ConceptMap");
        if (at["status"].text() == "retired") return at["status"].fail("this map is retired");
        const auto groups = listed(at, "group");
        for (const Reader& group : groups) read_group(group);
    }

    // Takes what the statements say; call once, after every file.
    SiteMap take() {
        SiteMap map;
        for (const auto& [code, statements] : statements_) {
            bool meant = false;
            for (std::size_t i = 0; i < statements.size(); ++i) {
                check_against_earlier(statements, i);
                map.codes.add(statements[i].source, code, statements[i].meanings);
                meant = meant || !statements[i].meanings.empty();
            }
            if (meant) ++map.count;
        }
        map.warnings = std::move(warnings_);
        return map;
    }

private:
    static std::vector<Reader> listed(const Reader& at, const char* member) {
        auto items = at[member].items();
        if (items.empty()) at.fail("has no list \"" + std::string(member) + "\"");
        return items;
    }

    void read_group(const Reader& at) {
        const auto source = SystemPattern::parse(at["source"].text());
        if (!source) return at.fail(R"("source" names a code system, with at most one "*" for the site)");
        const Group group{*source, at["source"].text(), at["target"].text()};
        if (codes_of_.find(group.target) == codes_of_.end())
            return at["target"].fail("the content reads no code of this system" + did_you_mean(group.target, systems_));
        if (const auto read = read_already(group); !read.empty())
            return at["source"].fail("the content reads " + read +
                                     " itself; only RxNorm products may be mapped, to RxNorm");
        const std::string mode = at["unmapped"]["mode"].text();
        if (at["unmapped"] && mode != "provided")
            return at["unmapped"].fail("what no element names is never mapped; leave \"unmapped\" out");
        for (const Reader& element : listed(at, "element")) read_element(group, element);
    }

    // The system of the content that the source covers; RxNorm relations are no fault.
    [[nodiscard]] std::string read_already(const Group& group) const {
        const bool relations = group.source_text == k_rxnorm && group.target == k_rxnorm;
        const auto covered =
            std::ranges::find_if(systems_, [&](const std::string& system) { return group.source.matches(system); });
        return relations || covered == systems_.end() ? "" : *covered;
    }

    void read_element(const Group& group, const Reader& at) {
        const std::string code = at["code"].text();
        if (code.empty()) return at.fail("has no \"code\"");
        if (content_.codes.find(group.source_text, code) != 0)
            return at["code"].fail("the content knows this code itself");
        Statement statement{group.source, group.target, {}, at};
        bool says_nothing = false, unused = false;
        for (const Reader& target : listed(at, "target")) {
            const auto meaning = meaning_of(target["equivalence"].text());
            if (!meaning) return refuse_equivalence(target);
            says_nothing = says_nothing || *meaning == Meaning::none;
            unused = unused || *meaning == Meaning::unused;
            if (*meaning == Meaning::unused) warn(target);
            if (*meaning == Meaning::kept) read_target(group, target, statement);
        }
        if (says_nothing && !statement.meanings.empty())
            return at.fail("says both that the code has a target and that it has none");
        if (unused && statement.meanings.empty() && !says_nothing) return;
        std::ranges::sort(statement.meanings, {}, &fhir::MappedTo::code);
        statements_[code].push_back(std::move(statement));
    }

    static void refuse_equivalence(const Reader& target) {
        static const std::vector<std::string> k_known = {"equal",     "equivalent", "wider",    "subsumes",
                                                         "unmatched", "disjoint",   "narrower", "inexact",
                                                         "relatedto", "specializes"};
        const std::string given = target["equivalence"].text();
        if (given.empty()) return target.fail("has no \"equivalence\" (FHIR R4)");
        target["equivalence"].fail(unknown_name("equivalence", given, k_known));
    }

    void warn(const Reader& target) {
        warnings_.push_back(target.where() + ": " + target["equivalence"].text() +
                            " says more than the local code does, so it is not used");
    }

    void read_target(const Group& group, const Reader& at, Statement& statement) {
        const std::string code = at["code"].text();
        if (code.empty()) return at.fail("has no \"code\"");
        if (!at["dependsOn"].items().empty() || !at["product"].items().empty())
            return at.fail("\"dependsOn\" and \"product\" are not read: the code must mean its target by itself");
        const fhir::CodeId id = content_.codes.find(group.target, code);
        if (id == 0)
            return at["code"].fail("the content does not know this code" +
                                   meant_code(code, codes_of_.at(group.target)));
        statement.meanings.push_back({group.target, code, id});
    }

    static void check_against_earlier(const std::vector<Statement>& statements, std::size_t index) {
        const Statement& now = statements[index];
        for (std::size_t i = 0; i < index; ++i) {
            const Statement& before = statements[i];
            const bool same = before.target_system == now.target_system && before.source.overlaps(now.source);
            if (same && before.meanings != now.meanings)
                return now.at.fail("contradicts " + before.at.where() + ", which says otherwise of this code");
        }
    }

    const Content& content_;
    Problems& problems_;
    std::map<std::string, std::vector<std::string>> codes_of_;  // by system of the content; families left out
    std::vector<std::string> systems_;
    std::deque<Node> documents_;
    std::map<std::string, std::vector<Statement>> statements_;  // by local code
    std::vector<std::string> warnings_;
};

}  // namespace

Result<SiteMap> read_concept_maps(const std::vector<MapFile>& files, const Content& content) {
    Problems problems;
    MapReader reader(content, problems);
    for (const MapFile& file : files) reader.read(file);
    SiteMap map = reader.take();
    if (!problems.all.empty()) return problems.error();
    return map;
}

}  // namespace proctor::rules
