#include "console/figures.h"

#include <algorithm>
#include <exception>

namespace proctor::console {
namespace {

long hour_of(WallTime time) { return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count(); }

std::size_t place_of(long hour) { return static_cast<std::size_t>(hour) % limits::k_figure_hours; }

void count(Counts& counts, std::string_view name) {
    const auto known = counts.find(name);
    if (known != counts.end()) {
        ++known->second;
    } else {
        counts.emplace(name, 1);
    }
}

// The log's word, or one for the answers of hooks that have none there.
std::string_view reason_of(const LogFields& fields) {
    if (!fields.reason.empty()) return fields.reason;
    const int status = fields.status.value_or(0);
    return status == 412 ? "dataMissing" : status >= 500 ? "unavailable" : "badRequest";
}

bool is_hook(const LogFields& fields) { return !fields.service.empty() && !fields.feedback; }

void add_hook(HourFigures& hour, const LogFields& fields) {
    ++hour.hooks;
    if (fields.not_checked.value_or(0) > 0) ++hour.not_checked;
    hour.quiet += fields.quiet.value_or(0);
    for (const auto& card : fields.shown) {
        hour.cards.add(card.indicator);
        hour.rules[card.rule].add(card.indicator);
    }
    if (fields.duration_us) hour.latency.record(*fields.duration_us);
}

void add_call(HourFigures& hour, const LogFields& fields) {
    const int status = fields.status.value_or(0);
    if (status >= 500) {
        if (is_hook(fields) || fields.client.empty()) ++hour.errors;
    } else if (status >= 400) {
        if (is_hook(fields) || !fields.reason.empty()) ++hour.refused;
    } else if (!fields.hook.empty()) {
        add_hook(hour, fields);
    }
}

void add_call(ClientFigures& client, const LogFields& fields, WallTime now) {
    if (is_hook(fields)) {
        ++client.calls;
        client.last_call = now;
    }
    if (fields.status.value_or(0) >= 400) count(client.reasons, reason_of(fields));
    for (const auto source : fields.missing) count(client.missing, source);
    client.codings += fields.codings.value_or(0);
    client.codings_read += fields.codings_read.value_or(0);
    client.codings_lost += fields.codings_lost.value_or(0);
}

}  // namespace

void CardCounts::add(std::string_view indicator) {
    ++(indicator == "critical" ? critical : indicator == "warning" ? warning : info);
}

void CardCounts::add(const CardCounts& other) {
    critical += other.critical;
    warning += other.warning;
    info += other.info;
}

void HourFigures::add(const HourFigures& other) {
    hooks += other.hooks;
    errors += other.errors;
    refused += other.refused;
    not_checked += other.not_checked;
    quiet += other.quiet;
    cards.add(other.cards);
    latency.add(other.latency);
    for (const auto& [rule, counts] : other.rules) rules[rule].add(counts);
}

void Figures::write(Event event, const LogFields& fields) {
    if (event != Event::request && event != Event::internal_error) return;
    const std::lock_guard lock(mutex_);
    try {
        count_call(fields);
    } catch (const std::exception&) {  // no memory: an event that is not counted must not fail a request
    }
}

void Figures::count_call(const LogFields& fields) {
    add_call(present(), fields);
    if (fields.client.empty()) {
        if (!fields.reason.empty()) count(strangers_, fields.reason);
        return;
    }
    const auto known = clients_.find(fields.client);
    auto& client = known != clients_.end() ? known->second : clients_[std::string(fields.client)];
    add_call(client, fields, clock_.now());
}

std::vector<HourFigures> Figures::hours(std::size_t count) const {
    const long now = hour_of(clock_.now());
    const auto span = static_cast<long>(std::min(count, limits::k_figure_hours));
    std::vector<HourFigures> all;
    const std::lock_guard lock(mutex_);
    for (long hour = now - span + 1; hour <= now; ++hour) {
        const auto& kept = hours_[place_of(hour)];
        all.push_back(kept.hour == hour ? kept : HourFigures{});
        all.back().hour = hour;
    }
    return all;
}

std::map<std::string, ClientFigures, std::less<>> Figures::clients() const {
    const std::lock_guard lock(mutex_);
    return clients_;
}

Counts Figures::strangers() const {
    const std::lock_guard lock(mutex_);
    return strangers_;
}

HourFigures& Figures::present() {
    const long hour = hour_of(clock_.now());
    auto& here = hours_[place_of(hour)];
    if (here.hour != hour) {
        here = HourFigures{};
        here.hour = hour;
    }
    return here;
}

}  // namespace proctor::console
