#include "store/backup.h"

#include <optional>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/json.h"
#include "store/feedback_rows.h"
#include "store/pages.h"
#include "store/row_json.h"

namespace proctor::store {
namespace {

using Json = nlohmann::ordered_json;

constexpr int k_version = 1;
constexpr std::size_t k_batch_rows = 200;
constexpr int k_attempts = 5;
constexpr const char* k_store = "proctor-feedback";

// Lines on their way out, digested and counted.
class Writer final {
public:
    explicit Writer(const Sink& sink) : sink_(sink) {}

    [[nodiscard]] Status line(std::string text) {
        text += '\n';
        sum_.add(text);
        return sink_(text) ? Status(Done{}) : Error{"the backup cannot be written", ""};
    }
    [[nodiscard]] Status row(const std::optional<std::string>& text, std::size_t& count) {
        if (!text) return Error{"a row holds a text that is no UTF-8", ""};
        ++count;
        return line(*text);
    }
    [[nodiscard]] Status finish(std::size_t rows) { return line(Json{{"rows", rows}, {"sha256", sum_.hex()}}.dump()); }

private:
    const Sink& sink_;
    Sha256 sum_;
};

std::string header(WallTime made) {
    return Json{{"store", k_store}, {"version", k_version}, {"made", made.time_since_epoch().count()}}.dump();
}

bool is_header(std::string_view line) {
    const Json json = Json::parse(line, nullptr, false);
    return json.is_object() && json.size() == 3 && json.value("store", Json()) == k_store &&
           json.value("version", Json()) == k_version && json.contains("made");
}

bool is_end(std::string_view line, std::size_t rows, const std::string& sum) {
    return line == Json{{"rows", rows}, {"sha256", sum}}.dump();
}

bool is_own_key(const KeptFeedback& row) { return row.key == write_feedback(row.feedback).front(); }

// Why this line cannot stand here; counts it otherwise.
Status check_row(std::string_view line, RowCounts& counts) {
    const auto row = read_row(line);
    if (!row) return row.error();
    if (const auto* feedback = std::get_if<KeptFeedback>(&*row)) {
        if (counts.shown != 0) return Error{"is feedback after what was shown", ""};
        if (!is_own_key(*feedback)) return Error{"is not what its key says", ""};
        ++counts.feedback;
    } else {
        ++counts.shown;
    }
    return Done{};
}

// Rows of one kind on their way into the store, some at a time: a store does not wait long for one list. What was given
// up may have been kept; given again, it is kept once.
template <typename T>
class Batches final {
public:
    using Keep = std::function<bool(const std::vector<T>&)>;
    explicit Batches(Keep keep) : keep_(std::move(keep)) {}
    [[nodiscard]] bool add(T row) {
        waiting_.push_back(std::move(row));
        return waiting_.size() < k_batch_rows || flush();
    }
    [[nodiscard]] bool flush() {
        const auto batch = std::exchange(waiting_, {});
        bool kept = batch.empty();
        for (int i = 0; i < k_attempts && !kept; ++i) kept = keep_(batch);
        return kept;
    }

private:
    Keep keep_;
    std::vector<T> waiting_;
};

// Every row of this kind: how many. Nothing: the store went away.
template <typename T>
std::optional<std::size_t> put(BackupLines& lines, const typename Batches<T>::Keep& keep) {
    Batches<T> batches(keep);
    std::size_t rows = 0;
    std::string line;
    for (lines.rewind(); lines.next(line);) {
        auto row = read_row(line);  // the first and the last line are none
        if (!row) continue;
        auto* wanted = std::get_if<T>(&*row);
        if (wanted == nullptr) continue;
        if (!batches.add(std::move(*wanted))) return std::nullopt;
        ++rows;
    }
    return batches.flush() ? std::optional(rows) : std::nullopt;
}

Status check_empty(FeedbackStore& store) {
    const auto shown = store.shown_after(nullptr, 1);
    const auto feedback = store.feedback_after("", 1);
    if (!shown || !feedback) return store_away();
    if (!shown->empty() || !feedback->empty()) return Error{"the feedback store is not empty", ""};
    return Done{};
}

}  // namespace

Result<RowCounts> write_backup(FeedbackStore& store, WallTime made, const Sink& sink) {
    Writer writer(sink);
    RowCounts counts;
    Status done = writer.line(header(made));
    if (done) {
        done =
            each_feedback(store, [&](const KeptFeedback& row) { return writer.row(write_row(row), counts.feedback); });
    }
    if (done) done = each_shown(store, [&](const ShownCard& row) { return writer.row(write_row(row), counts.shown); });
    if (done) done = writer.finish(counts.feedback + counts.shown);
    if (!done) return done.error();
    return counts;
}

Result<RowCounts> check_backup(BackupLines& lines) {
    std::string line, after;
    lines.rewind();
    if (!lines.next(line) || !is_header(line)) return Error{"is no backup of this version", "line 1"};
    Sha256 sum;
    sum.add(line + '\n');
    RowCounts counts;
    if (!lines.next(line)) return Error{"ends too early", "line 1"};
    for (int number = 2;; ++number) {
        const std::string where = "line " + std::to_string(number);
        if (!lines.next(after)) {
            if (is_end(line, counts.feedback + counts.shown, sum.hex())) return counts;
            return Error{"is not the end of this backup: it was cut or changed", where};
        }
        if (auto fine = check_row(line, counts); !fine) return Error{fine.error().message, where};
        sum.add(line + '\n');
        std::swap(line, after);
    }
}

Result<RowCounts> restore_backup(FeedbackStore& store, BackupLines& lines) {
    const auto counts = check_backup(lines);
    if (!counts) return counts.error();
    if (auto empty = check_empty(store); !empty) return empty.error();
    const Error halfway{"the feedback store went away and holds a part; empty it and restore again", ""};
    // Cards first: what is said of a card matches when the card is there.
    const auto show = [&](const std::vector<ShownCard>& cards) { return store.record_shown(cards); };
    const auto shown = put<ShownCard>(lines, show);
    if (!shown) return halfway;
    const auto keep = [&](const std::vector<KeptFeedback>& rows) {
        std::vector<CardFeedback> batch;
        batch.reserve(rows.size());
        for (const auto& row : rows) batch.push_back(row.feedback);
        return store.record_feedback(std::move(batch)).has_value();
    };
    const auto feedback = put<KeptFeedback>(lines, keep);
    if (!feedback) return halfway;
    if (RowCounts{*feedback, *shown} != *counts)
        return Error{"the backup changed while it was read: the store holds a part; empty it and restore again", ""};
    return *counts;
}

}  // namespace proctor::store
