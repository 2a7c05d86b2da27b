// The values of a configuration file, each taken into its member or refused with what it must be. It knows JSON values
// and nothing of what they are for.
#pragma once

#include <charconv>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "fhir/decimal.h"
#include "fhir/instant.h"
#include "rules/parse_json.h"

namespace proctor::app {

using rules::Node;
using Problem = std::optional<std::string>;  // what is wrong with a value

struct Bounds {
    long low, high;
};

Problem take_text(const Node& value, std::string& into);
Problem take_path(const Node& value, std::filesystem::path& into);
Problem take_texts(const Node& value, std::vector<std::string>& into);
Problem take_flag(const Node& value, bool& into);
Problem take_one_of(const Node& value, const std::vector<std::string>& allowed, std::string& into);
Problem take_whole(const Node& value, Bounds bounds, long& into);
// https, without white space or quotes; trailing slashes are dropped.
Problem take_url(const Node& value, std::string& into);
Problem take_urls(const Node& value, std::vector<std::string>& into);
Problem take_origins(const Node& value, std::vector<std::string>& into);
Problem take_zone(const Node& value, fhir::Zone& into);
// {"name": factor}: whether such a name exists and such a factor is believable, the content says (rules/site.h).
Problem take_factors(const Node& value, std::map<std::string, fhir::Micro>& into);

template <typename Integer>
Problem take_integer(const Node& value, Bounds bounds, Integer& into) {
    long number = 0;
    auto problem = take_whole(value, bounds, number);
    if (!problem) into = static_cast<Integer>(number);
    return problem;
}

// What an object of the configuration may hold, and where it goes.
template <typename Object>
struct Member {
    std::string name;
    std::function<Problem(const Node&, Object&)> take;
};

[[nodiscard]] std::string unknown_member(const std::string& name, const std::vector<std::string>& known);

// The first thing wrong with one of the object's members; `where` is its JSON Pointer within the object.
template <typename Object>
Status take_members(const Node& node, const std::vector<Member<Object>>& members, Object& into) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        std::vector<std::string> known;
        const Member<Object>* found = nullptr;
        for (const auto& member : members) {
            if (member.name == node.names[i]) found = &member;
            known.push_back(member.name);
        }
        auto problem = found != nullptr ? found->take(node.items[i], into) : unknown_member(node.names[i], known);
        if (problem) return Error{*problem, rules::pointer_step(node.names[i])};
    }
    return Done{};
}

}  // namespace proctor::app
