#include "app/store_tasks.h"

#include <unistd.h>

#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "app/audit.h"
#include "app/backup_file.h"
#include "app/secrets.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "store/backup.h"
#include "store/export.h"
#include "store/integrity.h"
#include "store/open_feedback.h"
#include "store/verify.h"

namespace proctor::app {
namespace {

struct Opened {
    Config config;
    std::unique_ptr<store::FeedbackStore> store;
};

Result<Config> read_store_config(const std::string& file) {
    auto config = read_config(file);
    if (config && config->feedback_store.empty()) return Error{"names no feedback_store", file};
    return config;
}

// The database itself: what waits in the service's spool is the service's. A file that is not there, or a database
// without tables, is no empty store unless it may be new: the backup of a mistyped path would succeed for ever.
Result<Opened> open_store(const std::string& file, store::MayBeNew may_be_new = store::MayBeNew::no) {
    static const SystemClock clock;
    auto config = read_store_config(file);
    if (!config) return config.error();
    auto store = store::open_feedback(config->feedback_store, "", clock, may_be_new);
    if (!store) return store.error();
    return Opened{std::move(config).value(), std::move(store).value()};
}

// Whatever leaves the store, or comes into it otherwise than by a call, is an audit event, of the trail that the
// service writes, too. `what` is a fixed word; `audit` may be null. No rows: it begins, or broke off after any number
// of them. False: the trail could not take it.
[[nodiscard]] bool log(watch::Audit* audit, Event event, std::string_view what, std::optional<std::size_t> rows = {}) {
    LogFields fields;
    fields.reason = what;
    fields.rows = rows;
    log_to_descriptor(STDERR_FILENO)->write(event, fields);
    return audit == nullptr || audit->record(event, fields);
}

Exit fail_unaudited(const Config& config, const char* consequence) {
    return fail({std::string("the audit trail cannot be written: ") + consequence, config.audit_log.string()},
                Exit::failed);
}
constexpr const char* k_nothing_leaves = "nothing leaves the store";

// What was done, or broke off. A failure when the trail lacks it.
Exit log_end(const Config& config, watch::Audit* audit, Event event, std::string_view what,
             std::optional<std::size_t> rows) {
    return log(audit, event, what, rows) ? Exit::ok : fail_unaudited(config, "it lacks what was done");
}

void print(const store::Verified& verified) {
    std::cout << "feedback " << verified.feedback << ", cards " << verified.shown << ", comments " << verified.comments
              << " (opened " << verified.opened << ", key not at hand " << verified.locked
              << "), feedback whose card has gone " << verified.parted << '\n'
              << "wrong keys " << verified.wrong_keys << ", wrong matches " << verified.wrong_matches
              << ", damaged comments " << verified.damaged << '\n';
}

void print(const store::RowCounts& rows) {
    std::cout << "feedback " << rows.feedback << ", cards " << rows.shown << '\n';
}

Result<WallTime> read_since(const std::string& text) {
    if (text.empty()) return WallTime{};
    const auto read = fhir::read_instant(text);
    if (!read) return Error{"is a full date and time with offset, such as 2026-06-15T12:00:00Z", "--since"};
    return WallTime{*read};
}

Result<std::size_t> export_to(Opened& opened, const ExportOptions& options, WallTime since,
                              const store::CommentKeys* keys) {
    const auto format = options.format == "csv" ? store::ExportFormat::csv : store::ExportFormat::ndjson;
    const store::Sink sink = [](std::string_view bytes) { return static_cast<bool>(std::cout << bytes); };
    if (options.counts) {
        const std::chrono::days kept{opened.config.feedback_days};
        const auto months = store::ClosedMonth::latest(SystemClock().now(), kept, options.months);
        return store::export_counts(*opened.store, format, months, sink);
    }
    return store::export_rows(*opened.store, {format, since, keys}, sink);
}

}  // namespace

Exit migrate_store(const std::string& config) {
    const auto read = read_store_config(config);
    if (!read) return fail(read.error(), Exit::failed);
    const auto migrated = store::migrate_feedback(read->feedback_store, read->feedback_spool, SystemClock());
    if (!migrated) return fail(migrated.error(), Exit::failed);
    std::cout << "the feedback store has the tables of this version"
              << (read->feedback_spool.empty() ? "\n" : ", and so has its spool, if there is one\n");
    return Exit::ok;
}

Exit verify_store(const std::string& config) {
    auto opened = open_store(config);
    if (!opened) return fail(opened.error(), Exit::failed);
    if (!store::is_database(opened->config.feedback_store)) {
        if (auto whole = store::check_sqlite(opened->config.feedback_store); !whole)
            return fail(whole.error(), Exit::failed);
    }
    SystemEntropy entropy;
    const auto secrets = load_secrets(opened->config, entropy);
    if (!secrets) return fail(secrets.error(), Exit::failed);
    const auto verified = store::verify(*opened->store, secrets->comments.get());
    if (!verified) return fail(verified.error(), Exit::failed);
    print(*verified);
    return verified->fine() ? Exit::ok : Exit::failed;
}

Exit back_up_store(const std::string& config, const std::string& file) {
    auto opened = open_store(config);
    if (!opened) return fail(opened.error(), Exit::failed);
    const SystemClock clock;
    const auto audit = open_audit(opened->config, clock, TrailMayBeNew::no);
    if (!audit) return fail(audit.error(), Exit::failed);
    auto backup = NewBackup::create(file);
    if (!backup) return fail(backup.error(), Exit::failed);
    if (!log(audit->get(), Event::exporting, "backup")) return fail_unaudited(opened->config, k_nothing_leaves);
    auto rows = store::write_backup(*opened->store, clock.now(),
                                    [&](std::string_view bytes) { return (*backup)->write(bytes); });
    if (rows)
        if (auto kept = (*backup)->keep(); !kept) rows = kept.error();
    const Exit exit = log_end(opened->config, audit->get(), Event::exported, "backup",
                              rows ? std::optional(rows->feedback + rows->shown) : std::nullopt);
    if (!rows) return fail(rows.error(), Exit::failed);  // and what was written is gone
    print(*rows);
    return exit;
}

Exit restore_store(const std::string& config, const std::string& file) {
    auto opened = open_store(config, store::MayBeNew::yes);
    if (!opened) return fail(opened.error(), Exit::failed);
    const SystemClock clock;
    const auto audit = open_audit(opened->config, clock);
    if (!audit) return fail(audit.error(), Exit::failed);
    BackupFile backup(file);
    const auto restored = store::restore_backup(*opened->store, backup);
    const Exit exit = log_end(opened->config, audit->get(), Event::restored, "backup",
                              restored ? std::optional(restored->feedback + restored->shown) : std::nullopt);
    if (!restored) return fail({restored.error().message, file + ' ' + restored.error().where}, Exit::failed);
    print(*restored);
    return exit;
}

Exit export_store(const ExportOptions& options) {
    const auto since = read_since(options.since);
    if (!since) return fail(since.error(), Exit::failed);
    auto opened = open_store(options.config);
    if (!opened) return fail(opened.error(), Exit::failed);
    SystemEntropy entropy;
    auto secrets = options.comments ? load_secrets(opened->config, entropy) : Result<Secrets>(Secrets());
    if (!secrets) return fail(secrets.error(), Exit::failed);
    if (options.comments && !secrets->comments)
        return fail({"needs the keys that comments are sealed with: comment_keys", "--comments"}, Exit::failed);
    const SystemClock clock;
    const auto audit = open_audit(opened->config, clock, TrailMayBeNew::no);
    if (!audit) return fail(audit.error(), Exit::failed);
    const char* what = options.counts ? "counts" : options.comments ? "comments" : "rows";
    if (!log(audit->get(), Event::exporting, what)) return fail_unaudited(opened->config, k_nothing_leaves);
    const auto rows = export_to(*opened, options, *since, secrets->comments.get());
    std::cout.flush();
    const Exit exit =
        log_end(opened->config, audit->get(), Event::exported, what, rows ? std::optional(*rows) : std::nullopt);
    if (!rows) return fail(rows.error(), Exit::failed);
    return std::cout ? exit : fail({"cannot be written", "standard output"}, Exit::failed);
}

}  // namespace proctor::app
