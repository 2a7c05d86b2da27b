#include "store/feedback_rows.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "base/digest.h"
#include "base/text.h"

namespace proctor::store {
namespace {

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all += (all.empty() ? "" : " ") + text;
    return all;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find(' ', from), text.size());
        parts.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return parts;
}

std::string key_of(const CardFeedback& one) {
    const std::vector<std::string> parts = {storable(one.client),
                                            storable(one.tenant),
                                            storable(one.service),
                                            storable(one.card),
                                            one.accepted ? "accepted" : "overridden",
                                            storable(joined(one.suggestions)),
                                            storable(one.reason_system),
                                            storable(one.reason_code),
                                            print_time(one.outcome_at)};
    return sha256_hex(framed({parts.begin(), parts.end()}));
}

// Columns of numbers hold nothing else.
std::int64_t number(const std::string& text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

WallTime time(const std::string& text) { return WallTime{std::chrono::milliseconds{number(text)}}; }
std::string flag(bool holds) { return holds ? "1" : "0"; }

// The fields of a row, one after the other.
class Fields final {
public:
    explicit Fields(Sql::Values row) : row_(std::move(row)) {}
    template <typename... Texts>
    void texts(Texts&... into) {
        ((into = next()), ...);
    }
    [[nodiscard]] std::string next() { return at_ < row_.size() ? std::move(row_[at_++]) : std::string(); }

private:
    Sql::Values row_;
    std::size_t at_ = 0;
};

}  // namespace

std::string storable(std::string_view text) { return replace_invalid(text); }

std::string print_time(WallTime time) { return std::to_string(time.time_since_epoch().count()); }

Sql::Values write_shown(const ShownCard& card) {
    Sql::Values row;
    for (const auto* text : {&card.client, &card.tenant, &card.card, &card.service, &card.hook, &card.rule, &card.row,
                             &card.version, &card.indicator, &card.content, &card.patient, &card.user, &card.evidence})
        row.push_back(storable(*text));
    row.push_back(flag(card.quiet));
    row.push_back(print_time(card.at));
    return row;
}

ShownCard read_shown(Sql::Values row) {
    Fields fields(std::move(row));
    ShownCard card;
    fields.texts(card.client, card.tenant, card.card, card.service, card.hook, card.rule, card.row, card.version,
                 card.indicator, card.content, card.patient, card.user, card.evidence);
    card.quiet = fields.next() == "1";
    card.at = time(fields.next());
    return card;
}

Sql::Values write_feedback(const CardFeedback& one) {
    Sql::Values row{key_of(one)};
    for (const auto* text : {&one.client, &one.tenant, &one.service, &one.card}) row.push_back(storable(*text));
    row.push_back(flag(one.accepted));
    row.push_back(storable(joined(one.suggestions)));
    for (const auto* text : {&one.reason_system, &one.reason_code, &one.comment}) row.push_back(storable(*text));
    row.push_back(print_time(one.outcome_at));
    row.push_back(print_time(one.received_at));
    return row;
}

KeptFeedback read_kept(Sql::Values row) {
    Fields fields(std::move(row));
    KeptFeedback kept;
    CardFeedback& one = kept.feedback;
    fields.texts(kept.key, one.client, one.tenant, one.service, one.card);
    one.accepted = fields.next() == "1";
    one.suggestions = split(fields.next());
    fields.texts(one.reason_system, one.reason_code, one.comment);
    one.outcome_at = time(fields.next());
    one.received_at = time(fields.next());
    kept.matched = fields.next() == "1";
    return kept;
}

PastAnswer read_answer(Sql::Values row) {
    Fields fields(std::move(row));
    PastAnswer answer;
    fields.texts(answer.rule, answer.row, answer.evidence);
    answer.accepted = fields.next() == "1";
    answer.reason_code = fields.next();
    answer.at = time(fields.next());
    return answer;
}

Tally read_tally(Sql::Values row) {
    Fields fields(std::move(row));
    Tally tally;
    fields.texts(tally.client, tally.rule, tally.row, tally.version, tally.indicator);
    tally.day = static_cast<long>(number(fields.next()));
    fields.texts(tally.outcome, tally.reason);
    tally.cards = static_cast<std::size_t>(number(fields.next()));
    return tally;
}

}  // namespace proctor::store
