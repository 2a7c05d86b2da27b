#include "store/row_json.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "base/json.h"

namespace proctor::store {
namespace {

using Json = nlohmann::ordered_json;

// The members of a row, each visited with its name: one list for both directions.
template <typename Visit>
void members(CardFeedback& row, const Visit& visit) {
    visit("client", row.client);
    visit("tenant", row.tenant);
    visit("service", row.service);
    visit("card", row.card);
    visit("accepted", row.accepted);
    visit("suggestions", row.suggestions);
    visit("reasonSystem", row.reason_system);
    visit("reasonCode", row.reason_code);
    visit("comment", row.comment);
    visit("outcomeAt", row.outcome_at);
    visit("receivedAt", row.received_at);
}

template <typename Visit>
void members(KeptFeedback& row, const Visit& visit) {
    visit("key", row.key);
    members(row.feedback, visit);
    visit("matched", row.matched);
}

template <typename Visit>
void members(ShownCard& row, const Visit& visit) {
    visit("client", row.client);
    visit("tenant", row.tenant);
    visit("card", row.card);
    visit("service", row.service);
    visit("hook", row.hook);
    visit("rule", row.rule);
    visit("row", row.row);
    visit("version", row.version);
    visit("indicator", row.indicator);
    visit("content", row.content);
    visit("patient", row.patient);
    visit("user", row.user);
    visit("evidence", row.evidence);
    visit("quiet", row.quiet);
    visit("at", row.at);
}

Json value_of(WallTime time) { return time.time_since_epoch().count(); }
template <typename T>
Json value_of(const T& value) {
    return value;
}

template <typename T>
std::optional<std::string> write(const char* kind, T row) {
    Json object = Json::object();
    members(row, [&](const char* name, const auto& value) { object[name] = value_of(value); });
    try {
        return Json{{kind, std::move(object)}}.dump();
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

bool take(const Json& value, std::string& into) {
    if (!value.is_string()) return false;
    into = value.get<std::string>();
    return true;
}
bool take(const Json& value, bool& into) {
    if (!value.is_boolean()) return false;
    into = value.get<bool>();
    return true;
}
bool take(const Json& value, WallTime& into) {
    if (!value.is_number_integer()) return false;
    into = WallTime{std::chrono::milliseconds{value.get<std::int64_t>()}};
    return true;
}
bool take(const Json& value, std::vector<std::string>& into) {
    if (!value.is_array()) return false;
    for (const Json& one : value) {
        if (!take(one, into.emplace_back())) return false;
    }
    return true;
}

template <typename T>
Result<Row> read(const Json& object) {
    T row;
    std::size_t taken = 0;
    std::optional<Error> error;
    members(row, [&](const char* name, auto& into) {
        const auto found = object.find(name);
        if (found != object.end() && take(*found, into)) return void(++taken);
        if (!error) error = Error{std::string("has no usable \"") + name + '"', ""};
    });
    if (error) return *error;
    if (taken != object.size()) return Error{"has a member of no row", ""};
    return Row(std::move(row));
}

}  // namespace

std::optional<std::string> write_row(const KeptFeedback& row) { return write("feedback", row); }
std::optional<std::string> write_row(const ShownCard& row) { return write("shown", row); }

Result<Row> read_row(std::string_view line) {
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_object() && json.size() == 1 && json.front().is_object()) {
        if (json.contains("feedback")) return read<KeptFeedback>(json.front());
        if (json.contains("shown")) return read<ShownCard>(json.front());
    }
    return Error{"is no row of a feedback store", ""};
}

}  // namespace proctor::store
