#include "watch/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <sstream>

namespace proctor::watch {
namespace {

using prometheus::Counter;
using prometheus::Histogram;
using prometheus::Labels;
using prometheus::Registry;
template <typename Metric>
using Family = prometheus::Family<Metric>;

// Seconds. A hook takes about a millisecond; what is fetched for it, up to the deadline of about half a second.
const Histogram::BucketBoundaries k_durations = {0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1};

Family<Counter>& family(Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Counter& single(Registry& registry, const char* name, const char* help) { return family(registry, name, help).Add({}); }

template <typename Number>
void add(Counter& counter, const std::optional<Number>& number) {
    if (number) counter.Increment(static_cast<double>(*number));
}

std::string status_class(int status) { return std::to_string(status / 100) + "xx"; }

prometheus::ClientMetric metric_of(const Reading& reading) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : reading.labels) metric.label.push_back({name, value});
    if (reading.counter) metric.counter.value = reading.value;
    if (!reading.counter) metric.gauge.value = reading.value;
    return metric;
}

void append(std::vector<prometheus::MetricFamily>& families, const Reading& reading) {
    if (families.empty() || families.back().name != reading.name) {
        const auto type = reading.counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
        families.push_back({reading.name, reading.help, type, {}});
    }
    families.back().metric.push_back(metric_of(reading));
}

}  // namespace

struct Metrics::Families {
    Registry registry;
    Family<Counter>& requests = family(registry, "proctor_requests_total", "Requests that were answered");
    Family<Histogram>& durations = prometheus::BuildHistogram()
                                       .Name("proctor_request_duration_seconds")
                                       .Help("How long hooks and feedback took, without nginx")
                                       .Register(registry);
    Family<Counter>& cards = family(registry, "proctor_cards_total", "Cards that were sent");
    Counter& quiet =
        single(registry, "proctor_cards_quiet_total", "Cards held back, as they were answered on the same evidence");
    Counter& withheld = single(registry, "proctor_cards_withheld_total", "Cards that a pilot did not show");
    Counter& drafts = single(registry, "proctor_draft_rules_total", "Draft rules that fired, silently");
    Counter& not_checked =
        single(registry, "proctor_not_checked_total", "Rules that could not be decided, as data were missing");
    Family<Counter>& missing =
        family(registry, "proctor_sources_missing_total", "Requests for which nobody supplied this source");
    Family<Counter>& feedback = family(registry, "proctor_feedback_total", "Cards, in feedback that was new");
    Counter& unmatched =
        single(registry, "proctor_feedback_unmatched_total", "New feedback about cards not shown to its client");
    Counter& repeated = single(registry, "proctor_feedback_repeated_total", "Feedback that was kept before");
    Counter& not_recorded = single(registry, "proctor_feedback_store_failures_total",
                                   "Requests whose cards or feedback could not be recorded");
    Counter& fetches = single(registry, "proctor_fetches_total", "Requests to FHIR servers");
    Counter& fetches_failed = single(registry, "proctor_fetches_failed_total", "Requests to FHIR servers that failed");
    Counter& codings = single(registry, "proctor_codings_total", "Codings in requests");
    Counter& codings_lost =
        single(registry, "proctor_codings_lost_total", "Codings in requests, of systems that nobody reads");
    Family<Counter>& reloads = family(registry, "proctor_reloads_total", "Reloads of rules, code maps and keys");
    Family<Counter>& logins = family(registry, "proctor_logins_total", "Logins to the console");
    Counter& exported = single(registry, "proctor_exported_rows_total", "Rows of feedback that were exported");
    Counter& purged = single(registry, "proctor_purged_rows_total", "Rows that were deleted, as they were too old");

    // So that a rate can be taken from the first event on.
    Families() {
        for (const char* outcome : {"accepted", "overridden"}) feedback.Add({{"outcome", outcome}});
        for (const char* result : {"accepted", "refused"}) reloads.Add({{"result", result}});
        for (const char* result : {"accepted", "refused", "throttled"}) logins.Add({{"result", result}});
    }

    void count(Event event, const LogFields& fields) {
        switch (event) {
            case Event::request:
            case Event::internal_error: return count_request(fields);
            case Event::reloaded: return reloads.Add({{"result", "accepted"}}).Increment();
            case Event::reload_refused: return reloads.Add({{"result", "refused"}}).Increment();
            case Event::login: return logins.Add({{"result", std::string(fields.reason)}}).Increment();
            case Event::exported: return add(exported, fields.rows);
            case Event::purged: return add(purged, fields.rows);
            case Event::started:
            case Event::stopping:
            case Event::stopped:
            case Event::listener_failed: return;
        }
    }

private:
    void count_request(const LogFields& fields) {
        Labels labels = {{"client", std::string(fields.client)},
                         {"service", std::string(fields.service)},
                         {"hook", std::string(fields.hook)}};
        if (fields.duration_us && !fields.service.empty())
            durations.Add(labels, k_durations).Observe(static_cast<double>(*fields.duration_us) / 1e6);
        labels.emplace("status_class", status_class(fields.status.value_or(0)));
        labels.emplace("reason", fields.reason);
        requests.Add(labels).Increment();
        count_cards(fields);
        add(fetches, fields.fetches);
        add(fetches_failed, fields.fetches_failed);
        add(codings, fields.codings);
        add(codings_lost, fields.codings_lost);
        count_feedback(fields);
    }

    void count_cards(const LogFields& fields) {
        for (const auto& card : fields.shown)
            cards.Add({{"rule", card.rule}, {"indicator", std::string(card.indicator)}}).Increment();
        for (const auto source : fields.missing) missing.Add({{"source", std::string(source)}}).Increment();
        add(quiet, fields.quiet);
        add(withheld, fields.withheld);
        add(drafts, fields.drafts);
        add(not_checked, fields.not_checked);
    }

    void count_feedback(const LogFields& fields) {
        add(feedback.Add({{"outcome", "accepted"}}), fields.accepted);
        add(feedback.Add({{"outcome", "overridden"}}), fields.overridden);
        add(unmatched, fields.unmatched);
        add(repeated, fields.repeated);
        if (!fields.feedback_store.empty()) not_recorded.Increment();
    }
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::write(Event event, const LogFields& fields) {
    try {
        families_->count(event, fields);
    } catch (const std::exception&) {  // an event that is not counted must not fail a request
    }
}

std::string Metrics::print(const std::vector<Reading>& now) const {
    auto families = families_->registry.Collect();
    for (const auto& reading : now) append(families, reading);
    std::ostringstream text;
    prometheus::TextSerializer().Serialize(text, families);
    return text.str();
}

}  // namespace proctor::watch
