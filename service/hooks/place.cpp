#include "hooks/place.h"

#include <algorithm>
#include <cctype>

#include "base/limits.h"

namespace proctor::hooks {
namespace {

using Kind = rules::Node::Kind;

std::string_view words_for(Kind kind) {
    switch (kind) {
        case Kind::null: return "null";
        case Kind::boolean: return "true or false";
        case Kind::number: return "a number";
        case Kind::string: return "a text";
        case Kind::array: return "a list";
        case Kind::object: return "an object";
    }
    return "";
}

// RFC 3986: a scheme, and a host or path behind it.
bool is_absolute(std::string_view url) {
    const auto scheme = url.substr(0, url.find("://"));
    return scheme.size() < url.size() && url.size() > scheme.size() + 3 && !scheme.empty() &&
           std::all_of(scheme.begin(), scheme.end(),
                       [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '.' || c == '-'; });
}

// "com.example.name": two labels at least.
bool is_reverse_dns(std::string_view name) {
    const auto dot = name.find('.');
    return dot != 0 && dot != std::string_view::npos && !name.ends_with('.') &&
           name.find(' ') == std::string_view::npos;
}

void check_extension(const Place& extension) {
    if (!extension) return;
    if (!extension.is(Kind::object)) return extension.must("extension SHALL be an object");
    for (const auto& name : extension.names()) {
        if (!is_reverse_dns(name)) extension[name].should("an extension's name SHOULD be a reverse domain name");
    }
}

// No null, "", [] or {} below the place, but for its list with this name. FHIR has null in a list where a primitive
// value has extensions alone (R4, JSON Representation of Resources).
void check_empty(const Place& place, bool in_resource, std::string_view may_be_empty = {}) {
    const bool list = place.is(Kind::array);
    const auto items = place.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string_view name = list ? std::string_view() : place.names()[i];
        const bool spared = list ? in_resource && items[i].is(Kind::null)
                                 : !may_be_empty.empty() && name == may_be_empty && items[i].is(Kind::array);
        if (!spared && items[i].empty())
            items[i].must("null, \"\", [] and {} SHALL NOT be sent: a field without a value is left out");
        check_empty(items[i], in_resource || name == "resource");
    }
}

}  // namespace

std::vector<Place> Place::items() const {
    std::vector<Place> all;
    if (node_ == nullptr) return all;
    for (std::size_t i = 0; i < node_->items.size(); ++i) {
        const std::string step = node_->names.empty() ? std::to_string(i) : node_->names[i];
        all.emplace_back(&node_->items[i], pointer_ + rules::pointer_step(step), *findings_);
    }
    return all;
}

bool Place::empty() const {
    switch (node_->kind) {
        case Kind::null: return true;
        case Kind::boolean:
        case Kind::number: return false;
        case Kind::string: return node_->text.empty();
        case Kind::array:
        case Kind::object: return node_->items.empty();
    }
    return false;
}

Place Place::operator[](std::string_view member) const {
    return {node_ == nullptr ? nullptr : node_->find(member), pointer_ + rules::pointer_step(member), *findings_};
}

Place Place::take(std::string_view member, Kind kind, Need need) const {
    Place found = (*this)[member];
    if (found.is(kind)) return found;
    if (found)
        found.must(std::string(member) + " SHALL be " + std::string(words_for(kind)));
    else if (need == Need::required)
        must(std::string(member) + " is REQUIRED");
    return {nullptr, found.pointer_, *findings_};
}

std::string Place::take_word(std::string_view member, std::initializer_list<std::string_view> words, Need need) const {
    const Place found = take(member, Kind::string, need);
    if (!found) return "";
    if (std::find(words.begin(), words.end(), found.text()) != words.end()) return found.text();
    std::string list;
    for (const auto word : words) list += (list.empty() ? "" : ", ") + std::string(word);
    found.must(std::string(member) + " SHALL be one of " + list);
    return "";
}

void Place::check_url(std::string_view member, Need need) const {
    const Place url = take(member, Kind::string, need);
    if (url && !url.text().empty() && !is_absolute(url.text()))
        url.must(std::string(member) + " SHALL be an absolute URL");
}

bool Place::check_object() const {
    if (!is(Kind::object)) {
        must("SHALL be an object");
        return false;
    }
    check_extension((*this)["extension"]);
    return true;
}

std::optional<rules::Node> read_document(std::string_view body, std::string_view may_be_empty, Findings& findings) {
    if (body.size() > limits::k_body_bytes) {
        findings.faults.push_back({"is longer than " + std::to_string(limits::k_body_bytes) + " bytes", ""});
        return std::nullopt;
    }
    auto parsed = rules::parse_json(body);
    if (!parsed) {
        findings.faults.push_back({"SHALL be JSON: " + parsed.error().message, parsed.error().where});
        return std::nullopt;
    }
    const Place root(&*parsed, "", findings);
    if (!root.check_object()) return std::nullopt;
    check_empty(root, false, may_be_empty);
    return std::move(*parsed);
}

}  // namespace proctor::hooks
