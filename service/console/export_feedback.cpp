#include <algorithm>

#include "console/api.h"
#include "console/reply.h"
#include "store/export.h"

namespace proctor::console {
namespace {

// What is asked for.
struct Wanted {
    store::ExportFormat format = store::ExportFormat::csv;
    bool counts = false;  // de-identified, for everybody; otherwise a row a card
    int days = 0, months = 0;
};

std::optional<Wanted> wanted_in(const http::Request& request) {
    const auto format = parameter(request, "format").value_or("csv");
    const auto days = parameter_out_of(request, "days", {90, 30, 365, 730});
    const auto months = parameter_out_of(request, "months", {12, 3, 6, 24});
    const auto counts = parameter(request, "deidentified").value_or("false");
    if ((format != "csv" && format != "ndjson") || !days || !months || (counts != "true" && counts != "false"))
        return std::nullopt;
    return Wanted{format == "csv" ? store::ExportFormat::csv : store::ExportFormat::ndjson, counts == "true", *days,
                  *months};
}

// A file of what the store gives, as far as an answer may be long.
struct File {
    std::string bytes;
    bool too_long = false;

    [[nodiscard]] store::Sink sink() {
        return [this](std::string_view more) {
            too_long = too_long || bytes.size() + more.size() > limits::k_export_bytes;
            if (!too_long) bytes.append(more);
            return !too_long;
        };
    }
};

Result<std::size_t> fill(File& file, const Asked& asked, const Wanted& wanted) {
    auto& store = *asked.parts.feedback;
    const auto now = asked.parts.clock.now();
    if (wanted.counts) {
        const auto months = store::ClosedMonth::latest(now, asked.options.feedback_kept, wanted.months);
        return store::export_counts(store, wanted.format, months, file.sink());
    }
    // Without comments: they are free text about patients, and are for whoever holds their keys on this machine.
    return store::export_rows(store, {wanted.format, now - std::chrono::days(wanted.days), nullptr}, file.sink());
}

[[nodiscard]] bool record(const Asked& asked, const Wanted& wanted, std::size_t rows) {
    LogFields fields;
    fields.user = asked.user.name;
    fields.reason = wanted.counts ? "counts" : "rows";
    fields.rows = rows;
    return asked.parts.log.record(Event::exported, fields);
}

http::Response download(std::string bytes, const Wanted& wanted) {
    const bool csv = wanted.format == store::ExportFormat::csv;
    auto response = json(std::move(bytes));
    response.content_type = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
    response.headers.emplace_back("Content-Disposition", std::string("attachment; filename=\"feedback") +
                                                             (wanted.counts ? "-counts" : "") +
                                                             (csv ? ".csv\"" : ".ndjson\""));
    return response;
}

}  // namespace

http::Response export_feedback(const Asked& asked) {
    const auto wanted = wanted_in(asked.request);
    if (!wanted)
        return error(400, "export", "format is csv or ndjson; days is 30, 90, 365 or 730, months 3, 6, 12 or 24");
    if (!wanted->counts && !asked.user.roles.contains("export"))
        return error(403, "role", "Rows are for users with the role \"export\"");
    if (asked.parts.feedback == nullptr) return error(404, "feedbackStore", "No feedback is kept here");
    File file;
    const auto rows = fill(file, asked, *wanted);
    if (file.too_long) return error(413, "tooLarge", "That is more than a browser is given; use proctor store export");
    if (!rows) return error(503, "feedbackStore", "The feedback store is away; try again");
    if (!record(asked, *wanted, *rows))
        return error(503, "auditLog", "The audit trail cannot be written, so nothing leaves");
    return download(std::move(file.bytes), *wanted);
}

}  // namespace proctor::console
