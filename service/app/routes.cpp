#include "app/routes.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "app/answer_hook.h"

namespace proctor::app {
namespace {

constexpr std::string_view k_services = "/cds-services";
constexpr std::string_view k_feedback = "/feedback";

http::Response refusal(const hooks::Refusal& why) {
    http::Response response;
    response.status = why.status;
    response.content_type = "application/fhir+json";
    response.body = hooks::write_operation_outcome(why);
    if (why.status == 503) response.headers.emplace_back("Retry-After", "1");
    return response;
}

http::Response json(std::string body) {
    http::Response response;
    response.body = std::move(body);
    return response;
}

http::Response method_not_allowed(const std::string& allowed) {
    auto response = refusal({405, {{"not-supported", "This address takes " + allowed, ""}}});
    response.headers.emplace_back("Allow", allowed + ", OPTIONS");
    return response;
}

// An attacker learns nothing from it: the reason is in the log alone.
http::Response not_admitted(auth::Reason reason) {
    const int status = auth::status_of(reason);
    const hooks::Fault fault = status == 401   ? hooks::Fault{"login", "The caller is not known here", ""}
                               : status == 429 ? hooks::Fault{"throttled", "Too many failures; try again later", ""}
                                               : hooks::Fault{"transient", "Try again in a second", ""};
    auto response = refusal({status, {fault}});
    if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (status == 429) response.headers.emplace_back("Retry-After", "10");
    return response;
}

http::Response not_found() { return refusal({404, {{"not-found", "There is no such service", ""}}}); }

bool is_feedback(std::string_view path) { return path.ends_with(k_feedback); }

// The address of the service that feedback is about.
std::string_view without_feedback(std::string_view path) {
    return is_feedback(path) ? path.substr(0, path.size() - k_feedback.size()) : path;
}

// What is served at /cds-services/{id} and below; null when nothing is.
const hooks::Service* service_at(std::string_view path) {
    path = without_feedback(path);
    if (path.rfind(k_services, 0) != 0 || path.size() <= k_services.size() + 1 || path[k_services.size()] != '/')
        return nullptr;
    return hooks::find_service(path.substr(k_services.size() + 1));
}

// CORS protocol (fetch.spec.whatwg.org): the preflight of a browser client. The headers that allow it come
// with every answer.
http::Response preflight(const std::string& method) {
    http::Response response;
    response.status = 204;
    response.headers = {{"Access-Control-Allow-Methods", method},
                        {"Access-Control-Allow-Headers", "authorization, content-type"},
                        {"Access-Control-Max-Age", "600"}};
    return response;
}

hooks::Fault fault_of(http::Refused why) {
    using http::Refused;
    switch (why) {
        case Refused::malformed: return {"invalid", "The HTTP request is malformed", ""};
        case Refused::length_required: return {"invalid", "Content-Length is required", ""};
        case Refused::body_too_large: return {"too-long", "The request is longer than this service reads", ""};
        case Refused::target_too_long: return {"too-long", "The address is longer than any of this service", ""};
        case Refused::unsupported_type:
            return {"not-supported", "The request must be uncompressed application/json", ""};
        case Refused::busy: return {"throttled", "The service is busy; try again in a second", ""};
        case Refused::internal_error: return {"exception", "The service failed to answer; nothing was checked", ""};
    }
    return {"exception", "", ""};
}

// Counts the requests of a client that are being answered.
class InFlight {
public:
    explicit InFlight(std::atomic<std::size_t>& count) : count_(count), before_(count.fetch_add(1)) {}
    ~InFlight() { count_.fetch_sub(1); }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;
    [[nodiscard]] std::size_t before() const { return before_; }

private:
    std::atomic<std::size_t>& count_;
    std::size_t before_;
};

}  // namespace

// One request on its way.
struct Routes::Call {
    // A chart, a comment, a token: also of a caller who was refused. A hook's body has been taken and is wiped there.
    ~Call() {
        for (auto* text : {&request.body, &request.authorization}) explicit_bzero(text->data(), text->size());
    }

    const Serving& serving;
    http::Request& request;
    SteadyTime since;
    LogFields fields;
    std::optional<Trace> trace = {};
    const ClientConfig* client = nullptr;  // once it is known who calls
    std::size_t index = 0;                 // of the client
    std::string tenant = {}, token = {};

    [[nodiscard]] Party party() const { return {client->trust.id, tenant, fields.service, client->site.keep_comments}; }
};

Routes::Routes(Parts parts)
    : parts_(parts),
      health_({parts.live, parts.config, parts.gate, parts.feedback, parts.audit}),
      bases_({parts.config.base_url}),
      in_flight_(parts.config.clients.size()) {
    for (const auto& client : parts_.config.clients) {
        origins_.insert(origins_.end(), client.site.origins.begin(), client.site.origins.end());
        if (!client.base_url.empty()) bases_.push_back(client.base_url);
    }
}

http::Response Routes::answer(http::Request request) {
    const auto serving = parts_.live.serving();
    Call call{*serving, request, parts_.clock.steady(), {}, trace_of(request)};
    auto& fields = call.fields;
    if (call.trace) fields.trace = call.trace->id;
    fields.body_bytes = request.body.size();
    http::Response response = route(call);
    add_cors(call.client != nullptr ? call.client->site.origins : origins_, request, response);
    fields.status = response.status;
    fields.content = serving->content().revision;
    const auto took = parts_.clock.steady() - call.since;
    fields.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    parts_.log.write(Event::request, fields);
    return response;
}

http::Response Routes::refuse(const http::Request& request, http::Refused why) {
    http::Response response = refusal({http::status_of(why), {fault_of(why)}});
    add_cors(origins_, request, response);
    const auto trace = trace_of(request);
    LogFields fields;
    if (trace) fields.trace = trace->id;
    fields.status = response.status;
    fields.reason = http::print(why);
    parts_.log.write(why == http::Refused::internal_error ? Event::internal_error : Event::request, fields);
    return response;
}

// The caller's, or one of our own.
std::optional<Trace> Routes::trace_of(const http::Request& request) const {
    auto trace = read_traceparent(request.traceparent);
    if (!trace && parts_.entropy != nullptr) trace = new_trace(*parts_.entropy);
    return trace;
}

http::Response Routes::route(Call& call) {
    const auto& request = call.request;
    const auto allowed = allowed_method(request.path);
    if (!allowed) return not_found();
    if (request.method == "OPTIONS") return preflight(*allowed);
    const bool get = request.method == "GET" || request.method == "HEAD";
    if (*allowed == "GET" ? !get : request.method != *allowed) return method_not_allowed(*allowed);
    if (request.path == "/health/live") return write_live();
    if (request.path == "/health/ready") return write_ready(health_.look());
    if (const auto reason = admit(call)) {
        call.fields.reason = auth::print(*reason);
        return not_admitted(*reason);
    }
    return serve_client(call);
}

// What each address takes; nothing when there is no such address.
std::optional<std::string> Routes::allowed_method(const std::string& path) const {
    if (path == k_services || path == "/health/live" || path == "/health/ready") return "GET";
    if (is_feedback(path) && parts_.feedback == nullptr) return std::nullopt;
    if (service_at(path) != nullptr) return "POST";
    return std::nullopt;
}

// Everything about the token is judged before the body is looked at. The specification does not say whether a token for
// feedback names its own address or the service's.
std::optional<auth::Reason> Routes::admit(Call& call) const {
    if (parts_.gate != nullptr) {
        std::vector<std::string> audiences;
        const auto& path = call.request.path;
        for (const auto& base : bases_) {
            audiences.push_back(base + path);
            if (is_feedback(path)) audiences.push_back(base + std::string(without_feedback(path)));
        }
        auto admitted = parts_.gate->admit(call.request, audiences, parts_.clock.now());
        if (const auto* reason = std::get_if<auth::Reason>(&admitted)) return *reason;
        auto& caller = std::get<auth::Admitted>(admitted);
        call.index = caller.client;
        call.tenant = std::move(caller.tenant);
        call.token = std::move(caller.jti_prefix);
    }
    call.client = &parts_.config.clients[call.index];
    call.fields.client = call.client->trust.id;
    call.fields.token = call.token;
    return std::nullopt;
}

http::Response Routes::serve_client(Call& call) {
    const InFlight in_flight(in_flight_[call.index]);
    if (in_flight.before() >= call.client->in_flight) {
        call.fields.reason = "clientBusy";
        return refusal({503, {fault_of(http::Refused::busy)}});
    }
    if (call.request.path == k_services) return json(call.serving.desks[call.index].discovery);
    const hooks::Service& service = *service_at(call.request.path);
    call.fields.service = service.id;
    call.fields.feedback = is_feedback(call.request.path);
    return call.fields.feedback ? serve_feedback(call) : serve_hook(call, service);
}

// CDS Hooks 3.0, Feedback: 200, and nothing to say.
http::Response Routes::serve_feedback(Call& call) const {
    call.fields.feedback = true;
    const auto refused = parts_.feedback->record(call.request.body, call.party(), call.fields);
    return refused ? refusal(*refused) : http::Response();
}

http::Response Routes::serve_hook(Call& call, const hooks::Service& service) const {
    const std::chrono::milliseconds fetching{parts_.config.deadline_ms - limits::k_answer_reserve_ms};
    const auto& site = call.client->site;
    hooks::Settings own;
    if (!call.tenant.empty()) {
        own = site.settings;
        own.tenant = call.tenant;
    }
    const bool passed_on = call.trace && parts_.entropy != nullptr;
    HookCall hook{*call.serving.desks[call.index].engine,
                  call.tenant.empty() ? site.settings : own,
                  service,
                  call.client->fhir_servers,
                  parts_.outbound,
                  parts_.clock.now(),
                  call.since + fetching,
                  passed_on ? write_traceparent(*call.trace, *parts_.entropy) : std::string(),
                  parts_.lost_codes,
                  call.client->trust.id};
    if (parts_.feedback != nullptr) {
        hook.history = [&](const fhir::HookEnvelope& envelope) {
            return parts_.feedback->history(call.party(), envelope.patientId, std::chrono::days{site.quiet_days});
        };
    }
    const auto answered = answer_hook(hook, std::move(call.request.body), call.fields);
    if (const auto* refused = std::get_if<hooks::Refusal>(&answered)) return refusal(*refused);
    const auto& found = std::get<hooks::Answered>(answered);
    call.fields.hook = found.hook;
    for (const auto& card : found.cards) call.fields.shown.push_back({card.rule, rules::print(card.indicator)});
    if (site.pilot) {
        call.fields.withheld = found.cards.size();
        call.fields.cards = 0;
        call.fields.shown.clear();
        return json(hooks::write_cards({}));
    }
    if (parts_.feedback != nullptr)
        parts_.feedback->record_shown(found, call.party(), call.serving.content().revision, call.fields);
    return json(hooks::write_cards(found.cards, found.quiet));
}

void Routes::add_cors(const std::vector<std::string>& origins, const http::Request& request,
                      http::Response& response) const {
    response.headers.emplace_back("Vary", "Origin");
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    if (request.origin.empty()) return;
    for (const std::string& origin : origins) {
        if (origin != "*" && origin != request.origin) continue;
        response.headers.emplace_back("Access-Control-Allow-Origin", origin);
        return;
    }
}

}  // namespace proctor::app
