#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <string>
#include <utility>

#include "base/line_sink.h"

namespace proctor {
namespace {

void add_text(std::string& line, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    line.append(",\"").append(name).append("\":\"");
    const auto is_special = [](char c) { return c < ' ' || c == '"' || c == '\\' || c == '\x7f'; };
    const std::size_t begin = line.size();
    line.append(value);
    std::replace_if(line.begin() + static_cast<std::ptrdiff_t>(begin), line.end(), is_special, '?');
    line.push_back('"');
}

template <typename Number>
void add_number(std::string& line, std::string_view name, const std::optional<Number>& value) {
    if (value) line.append(",\"").append(name).append("\":").append(std::to_string(*value));
}

template <typename Items, typename Name>
void add_list(std::string& line, std::string_view name, const Items& items, const Name& name_of) {
    if (items.empty()) return;
    std::string list;
    for (const auto& item : items) list.append(list.empty() ? "" : " ").append(name_of(item));
    add_text(line, name, list);
}

std::string print_members(Event event, const LogFields& fields) {
    std::string line = "\"event\":\"" + std::string(print(event)) + '"';
    add_number(line, "status", fields.status);
    add_text(line, "trace", fields.trace);
    add_text(line, "service", fields.service);
    add_text(line, "hook", fields.hook);
    add_text(line, "user", fields.user);
    add_text(line, "reason", fields.reason);
    add_text(line, "client", fields.client);
    add_text(line, "token", fields.token);
    add_text(line, "content", fields.content);
    add_number(line, "bodyBytes", fields.body_bytes);
    add_number(line, "cards", fields.cards);
    add_list(line, "rules", fields.shown, [](const LoggedCard& card) -> std::string_view { return card.rule; });
    add_number(line, "quiet", fields.quiet);
    add_list(line, "missing", fields.missing, [](std::string_view source) { return source; });
    add_number(line, "notChecked", fields.not_checked);
    add_number(line, "codings", fields.codings);
    add_number(line, "codingsRead", fields.codings_read);
    add_number(line, "codingsLost", fields.codings_lost);
    add_number(line, "drafts", fields.drafts);
    add_number(line, "withheld", fields.withheld);
    add_number(line, "fetches", fields.fetches);
    add_number(line, "fetchesFailed", fields.fetches_failed);
    add_text(line, "fetch", fields.fetch);
    add_number(line, "accepted", fields.accepted);
    add_number(line, "overridden", fields.overridden);
    add_number(line, "unmatched", fields.unmatched);
    add_number(line, "repeated", fields.repeated);
    add_text(line, "feedbackStore", fields.feedback_store);
    add_number(line, "rows", fields.rows);
    add_text(line, "where", fields.where);
    add_number(line, "durationUs", fields.duration_us);
    return line;
}

// `on_lost`: there was no memory for a line.
class Lines {
public:
    Lines(spdlog::sink_ptr sink, std::function<void()> on_lost)
        : logger_("proctor", std::move(sink)), on_lost_(std::move(on_lost)) {
        logger_.set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",%v}", spdlog::pattern_time_type::utc);
        logger_.flush_on(spdlog::level::info);
        // What goes wrong must not stop the service, nor may a message about it repeat the line.
        logger_.set_error_handler([this](const std::string&) { on_lost_(); });
    }
    void write(Event event, const LogFields& fields) {
        try {
            logger_.log(spdlog::level::info, spdlog::string_view_t(print_members(event, fields)));
        } catch (const std::exception&) {
            on_lost_();
        }
    }

private:
    spdlog::logger logger_;
    const std::function<void()> on_lost_;
};

class StreamLog final : public Log {
public:
    explicit StreamLog(std::ostream& stream)
        : lines_(std::make_shared<spdlog::sinks::ostream_sink_mt>(stream), [] {}) {}
    void write(Event event, const LogFields& fields) override { lines_.write(event, fields); }

private:
    Lines lines_;
};

class DescriptorLog final : public LineLog {
public:
    explicit DescriptorLog(int descriptor)
        : sink_(std::make_shared<LineSink>(descriptor)), lines_(sink_, [this] { sink_->drop(); }) {}
    void write(Event event, const LogFields& fields) override { lines_.write(event, fields); }
    [[nodiscard]] std::uint64_t dropped() const override { return sink_->dropped(); }

private:
    std::shared_ptr<LineSink> sink_;
    Lines lines_;
};

}  // namespace

std::string_view print(Event event) {
    switch (event) {
        case Event::started: return "started";
        case Event::request: return "request";
        case Event::reloaded: return "reloaded";
        case Event::reload_refused: return "reloadRefused";
        case Event::keys_failed: return "keysFailed";
        case Event::stopping: return "stopping";
        case Event::stopped: return "stopped";
        case Event::listener_failed: return "listenerFailed";
        case Event::internal_error: return "internalError";
        case Event::login: return "login";
        case Event::exporting: return "exporting";
        case Event::exported: return "exported";
        case Event::restored: return "restored";
        case Event::purged: return "purged";
    }
    return "";
}

std::unique_ptr<LineLog> log_to_descriptor(int descriptor) { return std::make_unique<DescriptorLog>(descriptor); }

std::unique_ptr<Log> log_to(std::ostream& stream) { return std::make_unique<StreamLog>(stream); }

}  // namespace proctor
