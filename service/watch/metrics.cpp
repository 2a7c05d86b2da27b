#include "watch/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <sstream>
#include <string_view>

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

// The metrics of a family. The family's own look-up builds a map of texts and a hash of it for each event; here a
// metric once met is found by the values of its labels, in the order of their names.
template <typename Metric, std::size_t N>
class Labelled {
public:
    using Values = std::array<std::string_view, N>;

    Labelled(Family<Metric>& family, const std::array<const char*, N>& names) : family_(family), names_(names) {}

    template <typename... Arguments>
    Metric& at(const Values& values, const Arguments&... arguments) {
        {
            const std::shared_lock lock(mutex_);
            if (const auto found = met_.find(values); found != met_.end()) return *found->second;
        }
        Labels labels;
        Kept kept;
        for (std::size_t i = 0; i < N; ++i) labels.emplace(names_[i], kept[i] = values[i]);
        const std::unique_lock lock(mutex_);
        return *met_.emplace(std::move(kept), &family_.Add(labels, arguments...)).first->second;
    }

private:
    using Kept = std::array<std::string, N>;
    struct Less {
        using is_transparent = void;
        bool operator()(const auto& a, const auto& b) const { return std::ranges::lexicographical_compare(a, b); }
    };

    Family<Metric>& family_;
    const std::array<const char*, N> names_;
    std::shared_mutex mutex_;
    std::map<Kept, Metric*, Less> met_;  // the family keeps them
};

std::string_view status_class(int status) {
    constexpr std::array k_classes = {"0xx", "1xx", "2xx", "3xx", "4xx", "5xx"};
    const auto first = static_cast<std::size_t>(status / 100);
    return first < k_classes.size() ? k_classes[first] : "other";
}

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
    Labelled<Counter, 5> requests{family(registry, "proctor_requests_total", "Requests that were answered"),
                                  {"client", "service", "hook", "status_class", "reason"}};
    Labelled<Histogram, 3> durations{prometheus::BuildHistogram()
                                         .Name("proctor_request_duration_seconds")
                                         .Help("How long hooks and feedback took, without nginx")
                                         .Register(registry),
                                     {"client", "service", "hook"}};
    Labelled<Counter, 2> cards{family(registry, "proctor_cards_total", "Cards that were sent"), {"rule", "indicator"}};
    Counter& quiet =
        single(registry, "proctor_cards_quiet_total", "Cards held back, as they were answered on the same evidence");
    Counter& withheld = single(registry, "proctor_cards_withheld_total", "Cards that a pilot did not show");
    Counter& drafts = single(registry, "proctor_draft_rules_total", "Draft rules that fired, silently");
    Counter& not_checked =
        single(registry, "proctor_not_checked_total", "Rules that could not be decided, as data were missing");
    Labelled<Counter, 1> missing{
        family(registry, "proctor_sources_missing_total", "Requests for which nobody supplied this source"),
        {"source"}};
    Labelled<Counter, 1> feedback{family(registry, "proctor_feedback_total", "Cards, in feedback that was new"),
                                  {"outcome"}};
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
    Labelled<Counter, 1> reloads{family(registry, "proctor_reloads_total", "Reloads of rules, code maps and keys"),
                                 {"result"}};
    Labelled<Counter, 1> logins{family(registry, "proctor_logins_total", "Logins to the console"), {"result"}};
    Counter& exported = single(registry, "proctor_exported_rows_total", "Rows of feedback that were exported");
    Counter& purged = single(registry, "proctor_purged_rows_total", "Rows that were deleted, as they were too old");

    // So that a rate can be taken from the first event on.
    Families() {
        for (const char* outcome : {"accepted", "overridden"}) feedback.at({outcome});
        for (const char* result : {"accepted", "refused"}) reloads.at({result});
        for (const char* result : {"accepted", "refused", "throttled"}) logins.at({result});
    }

    void count(Event event, const LogFields& fields) {
        switch (event) {
            case Event::request:
            case Event::internal_error: return count_request(fields);
            case Event::reloaded: return reloads.at({"accepted"}).Increment();
            case Event::reload_refused: return reloads.at({"refused"}).Increment();
            case Event::login: return logins.at({fields.reason}).Increment();
            case Event::exported: return add(exported, fields.rows);
            case Event::purged: return add(purged, fields.rows);
            case Event::exporting:
            case Event::restored:  // by a command, which has no metrics
            case Event::keys_failed:
            case Event::started:
            case Event::stopping:
            case Event::stopped:
            case Event::listener_failed: return;
        }
    }

private:
    void count_request(const LogFields& fields) {
        if (fields.duration_us && !fields.service.empty())
            durations.at({fields.client, fields.service, fields.hook}, k_durations)
                .Observe(static_cast<double>(*fields.duration_us) / 1e6);
        const auto status = status_class(fields.status.value_or(0));
        requests.at({fields.client, fields.service, fields.hook, status, fields.reason}).Increment();
        count_cards(fields);
        add(fetches, fields.fetches);
        add(fetches_failed, fields.fetches_failed);
        add(codings, fields.codings);
        add(codings_lost, fields.codings_lost);
        count_feedback(fields);
    }

    void count_cards(const LogFields& fields) {
        for (const auto& card : fields.shown) cards.at({card.rule, card.indicator}).Increment();
        for (const auto source : fields.missing) missing.at({source}).Increment();
        add(quiet, fields.quiet);
        add(withheld, fields.withheld);
        add(drafts, fields.drafts);
        add(not_checked, fields.not_checked);
    }

    void count_feedback(const LogFields& fields) {
        add(feedback.at({"accepted"}), fields.accepted);
        add(feedback.at({"overridden"}), fields.overridden);
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
