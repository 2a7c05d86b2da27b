// alsoWith in cases.json: a second list of the codes that a case shall hold with, written apart from the value sets.
#include <set>

#include "rules/parse.h"

namespace proctor::rules {
namespace {

// What a case's documents say, each a tree.
class Documents {
public:
    explicit Documents(const Case& example) {
        for (const std::string* text : {&example.bundle, &example.drafts, &example.conditions}) {
            auto tree = parse_json(*text);
            trees_.push_back(tree ? std::move(*tree) : Node());
        }
    }

    // The systems under which the code stands.
    [[nodiscard]] std::set<std::string> systems_of(const std::string& code) {
        std::set<std::string> systems;
        for (Node& tree : trees_) {
            each_coding(tree, code, [&](Node& coding) { systems.insert(coding.find("system")->text); });
        }
        return systems;
    }

    // The case with another coding in place of every one of the code. Displays go with what they were of.
    [[nodiscard]] Case with(const Case& example, const std::string& code, const Node& other) const {
        Case result = example;
        std::size_t i = 0;
        for (std::string* text : {&result.bundle, &result.drafts, &result.conditions}) {
            Node tree = trees_[i++];
            each_coding(tree, code, [&](Node& coding) { coding = other; });
            if (!text->empty()) *text = write_json(tree);
        }
        result.title += ", with " + other.find("system")->text + "|" + other.find("code")->text;
        result.also = true;
        return result;
    }

private:
    template <typename Use>
    static void each_coding(Node& node, const std::string& code, const Use& use) {
        for (Node& item : node.items) each_coding(item, code, use);
        const Node* own = node.find("code");
        if (own != nullptr && own->text == code && node.find("system") != nullptr) use(node);
    }

    std::vector<Node> trees_;
};

Node coding_of(const std::string& system, const std::string& code) {
    Node coding;
    coding.kind = Node::Kind::object;
    coding.set("system", string_node(system));
    coding.set("code", string_node(code));
    return coding;
}

}  // namespace

std::vector<Case> read_also_with(const Reader& at, const Case& example) {
    std::vector<Case> cases;
    if (!at || example.bundle.empty()) return cases;
    Documents documents(example);
    std::set<std::pair<std::string, std::string>> seen;
    for (const Reader& item : at.items()) {
        const std::string code = item["for"].text();
        const auto systems = documents.systems_of(code);
        if (systems.empty()) item["for"].fail("no coding of this case has the code " + code);
        for (const std::string& system : systems) seen.emplace(system, code);
        for (const auto& [system, codes] : item["codes"].members()) {
            for (const Reader& other : codes.items()) {
                const Node coding = coding_of(system, other.text());
                if (!seen.emplace(system, other.text()).second)
                    other.fail("this case has " + other.text() + " already");
                cases.push_back(documents.with(example, code, coding));
            }
        }
    }
    return cases;
}

}  // namespace proctor::rules
