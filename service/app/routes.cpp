#include "app/routes.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "hooks/tally.h"

namespace proctor::app {
namespace {

constexpr std::string_view k_services = "/cds-services";

http::Response refusal(const hooks::Refusal& why) {
    http::Response response;
    response.status = why.status;
    response.content_type = "application/fhir+json";
    response.body = hooks::write_operation_outcome(why);
    return response;
}

http::Response method_not_allowed(const std::string& allowed) {
    auto response = refusal({405, {{"not-supported", "This address takes " + allowed, ""}}});
    response.headers.emplace_back("Allow", allowed + ", OPTIONS");
    return response;
}

http::Response not_found() { return refusal({404, {{"not-found", "There is no such service", ""}}}); }

// What is served at /cds-services/{id}; null when nothing is.
const hooks::Service* service_at(std::string_view path) {
    if (path.rfind(k_services, 0) != 0 || path.size() <= k_services.size() + 1 || path[k_services.size()] != '/')
        return nullptr;
    return hooks::find_service(path.substr(k_services.size() + 1));
}

// What each address takes; nothing when there is no such address.
std::optional<std::string> allowed_method(const std::string& path) {
    if (path == k_services || path == "/health/live" || path == "/health/ready") return "GET";
    if (service_at(path) != nullptr) return "POST";
    return std::nullopt;
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

std::string_view reason_of(http::Refused why) {
    using http::Refused;
    switch (why) {
        case Refused::malformed: return "malformed";
        case Refused::length_required: return "lengthRequired";
        case Refused::body_too_large: return "bodyTooLarge";
        case Refused::target_too_long: return "targetTooLong";
        case Refused::unsupported_type: return "unsupportedType";
        case Refused::busy: return "busy";
        case Refused::internal_error: return "internalError";
    }
    return "";
}

// Which content answers, since when, and whether a later one was refused.
http::Response ready(const Serving& serving) {
    const auto& content = *serving.engine->content;
    nlohmann::ordered_json body = {{"status", "ok"},
                                   {"content",
                                    {{"name", content.manifest.name},
                                     {"version", content.manifest.version},
                                     {"revision", content.revision},
                                     {"approved", content.manifest.approved},
                                     {"since", fhir::print_instant(serving.since)}}}};
    if (!serving.refused.empty()) {
        body["reload"] = {
            {"status", "refused"}, {"reason", serving.refused}, {"at", fhir::print_instant(serving.refused_at)}};
    }
    http::Response response;
    response.body = body.dump();
    return response;
}

}  // namespace

Routes::Routes(Parts parts) : parts_(std::move(parts)) {}

http::Response Routes::answer(http::Request request) {
    const auto start = parts_.clock.steady();
    LogFields fields;
    fields.body_bytes = request.body.size();
    const auto serving = parts_.live.serving();
    http::Response response = route(*serving, request, fields);
    add_cors(request, response);
    fields.status = response.status;
    fields.content = serving->engine->content->revision;
    fields.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(parts_.clock.steady() - start).count();
    parts_.log.write(Event::request, fields);
    return response;
}

http::Response Routes::refuse(const http::Request& request, http::Refused why) {
    http::Response response = refusal({http::status_of(why), {fault_of(why)}});
    if (why == http::Refused::busy) response.headers.emplace_back("Retry-After", "1");
    add_cors(request, response);
    LogFields fields;
    fields.status = response.status;
    fields.reason = reason_of(why);
    parts_.log.write(why == http::Refused::internal_error ? Event::internal_error : Event::request, fields);
    return response;
}

http::Response Routes::route(const Serving& serving, http::Request& request, LogFields& fields) const {
    const auto allowed = allowed_method(request.path);
    if (!allowed) return not_found();
    if (request.method == "OPTIONS") return preflight(*allowed);
    const bool get = request.method == "GET" || request.method == "HEAD";
    if (*allowed == "GET" ? !get : request.method != *allowed) return method_not_allowed(*allowed);
    http::Response response;
    if (request.path == k_services) {
        response.body = serving.discovery;
    } else if (request.path == "/health/live") {
        response.body = R"({"status":"ok"})";
    } else if (request.path == "/health/ready") {
        return ready(serving);
    } else {
        return answer_hook(serving, *service_at(request.path), std::move(request.body), fields);
    }
    return response;
}

http::Response Routes::answer_hook(const Serving& serving, const hooks::Service& service, std::string body,
                                   LogFields& fields) const {
    fields.service = service.id;
    const fhir::PaddedJson json(std::move(body));
    const auto answered = hooks::answer(*serving.engine, parts_.settings, json, service.id, parts_.clock.now());
    if (const auto* refused = std::get_if<hooks::Refusal>(&answered)) return refusal(*refused);
    const auto& cards = std::get<hooks::Answered>(answered);
    fields.cards = cards.cards.size();
    const hooks::Tally tally = hooks::tally(*serving.engine->content, cards.outcome);
    fields.not_checked = tally.not_checked;
    fields.drafts = tally.drafts;
    fields.codings = cards.codings.codings;
    fields.codings_read = cards.codings.read;
    fields.codings_lost = cards.codings.lost;
    http::Response response;
    response.body = hooks::write_cards(cards.cards);
    return response;
}

void Routes::add_cors(const http::Request& request, http::Response& response) const {
    response.headers.emplace_back("Vary", "Origin");
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    if (request.origin.empty()) return;
    for (const std::string& origin : parts_.origins) {
        if (origin != "*" && origin != request.origin) continue;
        response.headers.emplace_back("Access-Control-Allow-Origin", origin);
        return;
    }
}

}  // namespace proctor::app
