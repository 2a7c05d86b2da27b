#include "hooks/feedback.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "rules/parse_json.h"

namespace proctor::hooks {
namespace {

using rules::Node;
using Kind = Node::Kind;

constexpr std::string_view k_root = "Feedback";

// A value of the batch: where it stands, and where its faults go.
class Spot {
public:
    Spot(const Node* node, std::string path, std::vector<Fault>& faults)
        : node_(node), path_(std::move(path)), faults_(&faults) {}

    [[nodiscard]] const Node* operator->() const { return node_; }
    explicit operator bool() const { return node_ != nullptr; }

    void wrong(std::string_view what) const { add("value", what); }

    // A member of this object; without a node when it is absent, null or, which is a fault, of another kind.
    [[nodiscard]] Spot member(std::string_view name, Kind kind) const { return take(name, kind, false); }
    // The same; absence is a fault, too.
    [[nodiscard]] Spot owed(std::string_view name, Kind kind) const { return take(name, kind, true); }
    // The items of this array, each an object; others are faults and left out.
    [[nodiscard]] std::vector<Spot> objects() const {
        std::vector<Spot> all;
        for (std::size_t i = 0; i < node_->items.size(); ++i) {
            Spot item(&node_->items[i], path_ + '[' + std::to_string(i) + ']', *faults_);
            if (item->kind == Kind::object)
                all.push_back(std::move(item));
            else
                item.add("structure", "is not an object");
        }
        return all;
    }

private:
    [[nodiscard]] Spot take(std::string_view name, Kind kind, bool owed) const {
        Spot found(node_->find(name), path_ + '.' + std::string(name), *faults_);
        const bool absent = !found || found->kind == Kind::null;
        const bool fits = !absent && found->kind == kind;
        if (absent && owed) found.add("required", "is missing");
        if (!absent && !fits) found.add("structure", "is not " + std::string(name_of(kind)));
        if (!fits) found.node_ = nullptr;
        return found;
    }
    void add(std::string code, std::string_view what) const {
        const std::string below = path_.size() > k_root.size() ? path_.substr(k_root.size() + 1) : "the feedback";
        faults_->push_back({std::move(code), below + ' ' + std::string(what), path_});
    }
    static std::string_view name_of(Kind kind) {
        switch (kind) {
            case Kind::array: return "a list";
            case Kind::object: return "an object";
            case Kind::string: return "a string";
            case Kind::null:
            case Kind::boolean:
            case Kind::number: break;
        }
        return "what it must be";
    }

    const Node* node_;
    std::string path_;
    std::vector<Fault>* faults_;
};

bool is_reason_code(std::string_view text) {
    return !text.empty() && text.size() <= limits::k_reason_code_characters &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '_' || c == '-';
           });
}

bool is_reason_system(std::string_view text) {
    return !text.empty() && text.size() <= limits::k_reason_system_characters &&
           text.find(':') != std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string read_uuid(const Spot& from, std::string_view name) {
    const Spot text = from.owed(name, Kind::string);
    if (!text) return {};
    if (!is_uuid(text->text)) text.wrong("is not a UUID");
    return lower(text->text);  // a UUID means the same in either case
}

fhir::Instant read_outcome_time(const Spot& item) {
    const Spot text = item.owed("outcomeTimestamp", Kind::string);
    if (!text) return {};
    const auto read = fhir::read_instant(text->text);
    if (read) return *read;
    text.wrong("is not a date and time like 2026-06-15T12:00:00Z");
    return {};
}

// CDS Hooks 3.0, invariant cds-fb-2.
std::vector<std::string> read_suggestions(const Spot& item) {
    std::vector<std::string> ids;
    const Spot list = item.owed("acceptedSuggestions", Kind::array);
    if (!list) return ids;
    if (list->items.empty()) list.wrong("is empty");
    if (list->items.size() > limits::k_feedback_suggestions) {
        list.wrong("has more than " + std::to_string(limits::k_feedback_suggestions) + " items");
        return ids;
    }
    for (const Spot& suggestion : list.objects()) ids.push_back(read_uuid(suggestion, "id"));
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

std::string read_comment(const Spot& given) {
    const Spot comment = given.member("userComment", Kind::string);
    if (!comment) return {};
    if (comment->text.size() > limits::k_comment_bytes)
        comment.wrong("has more than " + std::to_string(limits::k_comment_bytes) + " bytes");
    if (comment->text.find('\0') != std::string::npos) comment.wrong("holds U+0000");
    return comment->text;
}

std::optional<OverrideReason> read_reason(const Spot& given) {
    const Spot reason = given.member("reason", Kind::object);
    if (!reason) return std::nullopt;
    const Spot system = reason.owed("system", Kind::string), code = reason.owed("code", Kind::string);
    if (system && !is_reason_system(system->text)) system.wrong("is not the system of an override reason");
    if (code && !is_reason_code(code->text)) code.wrong("is not the code of an override reason");
    if (!system || !code) return std::nullopt;
    return OverrideReason{system->text, code->text};
}

// CDS Hooks 3.0, invariant cds-fb-3: a reason, a comment or both.
void read_override(const Spot& item, FeedbackItem& into) {
    const Spot given = item.member("overrideReason", Kind::object);
    if (!given) return;
    if (given->find("userComment") == nullptr && given->find("reason") == nullptr) given.wrong("says nothing");
    into.userComment = read_comment(given);
    into.overrideReason = read_reason(given);
}

FeedbackItem read_item(const Spot& spot) {
    FeedbackItem item;
    item.card = read_uuid(spot, "card");
    const Spot outcome = spot.owed("outcome", Kind::string);
    const bool overridden = outcome && outcome->text == "overridden";
    item.accepted = outcome && outcome->text == "accepted";
    if (outcome && !overridden && !item.accepted) outcome.wrong("is neither accepted nor overridden");
    item.outcomeTimestamp = read_outcome_time(spot);
    if (item.accepted) item.acceptedSuggestions = read_suggestions(spot);
    if (overridden) read_override(spot, item);
    return item;
}

std::vector<FeedbackItem> read_items(const Spot& root) {
    std::vector<FeedbackItem> items;
    const Spot list = root.owed("feedback", Kind::array);
    if (!list) return items;
    if (list->items.empty()) list.wrong("is empty");
    if (list->items.size() > limits::k_feedback_items) {
        list.wrong("has more than " + std::to_string(limits::k_feedback_items) + " items");
        return items;
    }
    for (const Spot& item : list.objects()) items.push_back(read_item(item));
    return items;
}

// "/feedback/2/card" -> "Feedback.feedback[2].card", as far as the names are ours and not the caller's text.
std::string expression_of(std::string_view pointer) {
    constexpr std::array<std::string_view, 10> k_names = {
        "feedback", "card", "outcome", "outcomeTimestamp", "acceptedSuggestions", "id", "overrideReason",
        "reason",   "code", "system"};
    std::string expression(k_root);
    while (!pointer.empty()) {
        const auto step = pointer.substr(1, pointer.find('/', 1) - 1);
        const bool index = step.size() < 7 && step.find_first_not_of("0123456789") == std::string_view::npos;
        if (!index && std::find(k_names.begin(), k_names.end(), step) == k_names.end()) break;
        expression += index ? '[' + std::string(step) + ']' : '.' + std::string(step);
        pointer.remove_prefix(step.size() + 1);
    }
    return expression;
}

}  // namespace

std::variant<std::vector<FeedbackItem>, Refusal> read_feedback(std::string_view body) {
    if (body.size() > limits::k_feedback_bytes) return Refusal{413, {{"too-long", "the feedback is too large", ""}}};
    const auto root = rules::parse_json(body, limits::k_feedback_values);
    if (!root) return Refusal{400, {{"structure", root.error().message, expression_of(root.error().where)}}};
    Refusal refusal;
    const Spot spot(&*root, std::string(k_root), refusal.faults);
    if (root->kind != Kind::object) return Refusal{400, {{"structure", "the feedback is not an object", "Feedback"}}};
    auto items = read_items(spot);
    if (!refusal.faults.empty()) return refusal;
    return items;
}

}  // namespace proctor::hooks
