#include "watch/audit_event.h"

#include <algorithm>

#include "base/json.h"

namespace proctor::watch {
namespace {

using Json = nlohmann::ordered_json;

struct Coding {
    const char* system;
    const char* code;
    const char* display;
};

// FHIR R4, value sets audit-event-type, audit-event-sub-type, participation-role-type and audit-entity-type.
constexpr const char* k_dicom = "http://dicom.nema.org/resources/ontology/DCM";
constexpr const char* k_interaction = "http://hl7.org/fhir/restful-interaction";
constexpr Coding k_rest{"http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "RESTful Operation"};
constexpr Coding k_operation{k_interaction, "operation", "operation"};
constexpr Coding k_create{k_interaction, "create", "create"};
constexpr Coding k_activity{k_dicom, "110100", "Application Activity"};
constexpr Coding k_export{k_dicom, "110106", "Export"};
constexpr Coding k_import{k_dicom, "110107", "Import"};
constexpr Coding k_alert{k_dicom, "110113", "Security Alert"};
constexpr Coding k_authentication{k_dicom, "110114", "User Authentication"};
constexpr Coding k_start{k_dicom, "110120", "Application Start"};
constexpr Coding k_stop{k_dicom, "110121", "Application Stop"};
constexpr Coding k_login{k_dicom, "110122", "Login"};
constexpr Coding k_node{k_dicom, "110126", "Node Authentication"};
constexpr Coding k_software{k_dicom, "110131", "Software Configuration"};
constexpr Coding k_restricted{k_dicom, "110132", "Use of Restricted Function"};
constexpr Coding k_recording_stopped{k_dicom, "110133", "Audit Recording Stopped"};
constexpr Coding k_destroy{"http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", "destroy",
                           "Destroy/Delete Record Lifecycle Event"};
constexpr Coding k_application{k_dicom, "110150", "Application"};
constexpr Coding k_human{"http://terminology.hl7.org/CodeSystem/extra-security-role-type", "humanuser", "human user"};
constexpr Coding k_system_object{"http://terminology.hl7.org/CodeSystem/audit-entity-type", "2", "System Object"};

// FHIR R4, audit-event-outcome.
constexpr int k_success = 0, k_minor = 4, k_serious = 8, k_major = 12;

struct Shape {
    Coding type;
    const Coding* subtype;
    const char* action;  // audit-event-action
    int outcome;         // at best
    const char* entity;  // its name where it is no service
};

Shape shape_of(Act act) {
    switch (act) {
        case Act::hook: return {k_rest, &k_operation, "E", k_success, "service"};
        case Act::feedback: return {k_rest, &k_create, "C", k_success, "service"};
        case Act::outbound_refused: return {k_alert, &k_restricted, "E", k_minor, "service"};
        case Act::not_admitted: return {k_authentication, &k_node, "E", k_minor, "service"};
        case Act::not_served: return {k_rest, &k_operation, "E", k_minor, "service"};
        case Act::login: return {k_authentication, &k_login, "E", k_success, "console"};
        case Act::login_refused: return {k_authentication, &k_login, "E", k_minor, "console"};
        case Act::exporting:
        case Act::exported: return {k_export, nullptr, "R", k_success, "feedback"};
        case Act::restored: return {k_import, nullptr, "C", k_success, "feedback"};
        case Act::purged: return {k_destroy, nullptr, "D", k_success, "feedback"};
        case Act::reloaded: return {k_activity, &k_software, "U", k_success, "content"};
        case Act::reload_refused: return {k_activity, &k_software, "U", k_minor, "content"};
        case Act::started: return {k_activity, &k_start, "E", k_success, "service"};
        case Act::stopped: return {k_activity, &k_stop, "E", k_success, "service"};
        case Act::broke: return {k_activity, &k_stop, "E", k_major, "service"};
        case Act::lost:
        case Act::torn:
        case Act::deleted: return {k_alert, &k_recording_stopped, "E", k_serious, "audit trail"};
    }
    return {k_activity, nullptr, "E", k_serious, ""};
}

std::vector<Act> acts_of_request(const LogFields& fields) {
    if (fields.service.empty()) {
        if (fields.reason.empty()) return {};  // health, discovery, no such address
        const bool unknown = fields.status == 401 || fields.status == 429;
        return {unknown ? Act::not_admitted : Act::not_served};
    }
    if (fields.feedback) return {Act::feedback};
    if (fields.fetch == "notAllowed") return {Act::hook, Act::outbound_refused};
    return {Act::hook};
}

Json write_coding(const Coding& coding) {
    return {{"system", coding.system}, {"code", coding.code}, {"display", coding.display}};
}

// Of what was to be moved as a whole, and of which nobody knows how much was.
bool broke_off(Act act, const LogFields& fields) {
    return (act == Act::exported || act == Act::restored) && !fields.rows;
}

int outcome_of(Act act, const Shape& shape, const LogFields& fields) {
    if (broke_off(act, fields)) return k_serious;
    const int status = fields.status.value_or(200);
    return std::max(shape.outcome, status < 400 ? k_success : status < 500 ? k_minor : k_serious);
}

std::string describe_outcome(const LogFields& fields) {
    if (!fields.reason.empty()) return std::string(fields.reason);
    if (!fields.fetch.empty()) return std::string(fields.fetch);
    return fields.status ? "HTTP " + std::to_string(*fields.status) : "";
}

// A client, a user of the console, somebody unknown, or this program itself.
Json write_agent(Act act, const LogFields& fields) {
    const auto type = [](const Coding& coding) { return Json{{"coding", Json::array({write_coding(coding)})}}; };
    if (!fields.user.empty()) return {{"type", type(k_human)}, {"altId", fields.user}, {"requestor", true}};
    if (!fields.client.empty()) return {{"altId", fields.client}, {"requestor", true}};
    if (is_counted(act)) return {{"name", "unknown"}, {"requestor", true}};
    return {{"type", type(k_application)}, {"name", "proctor"}, {"requestor", false}};
}

class Details {
public:
    void add(std::string_view type, std::string_view text) {
        if (!text.empty()) all_.push_back({{"type", type}, {"valueString", text}});
    }
    template <typename Number>
    void add(std::string_view type, const std::optional<Number>& number) {
        if (number) add(type, std::to_string(*number));
    }
    Json take() { return std::move(all_); }

private:
    Json all_ = Json::array();
};

std::string rules_of(const LogFields& fields) {
    std::string rules;
    for (const auto& card : fields.shown) rules += (rules.empty() ? "" : " ") + card.rule;
    return rules;
}

Json write_details(const Audited& audited) {
    const auto& fields = audited.fields;
    Details details;
    details.add("status", fields.status);
    details.add("trace", fields.trace);
    details.add("hook", fields.hook);
    details.add("token", fields.token);
    details.add("content", fields.content);
    details.add("cards", fields.cards);
    details.add("rules", rules_of(fields));
    details.add("quiet", fields.quiet);
    details.add("withheld", fields.withheld);
    details.add("notChecked", fields.not_checked);
    details.add("fetches", fields.fetches);
    details.add("fetchesFailed", fields.fetches_failed);
    details.add("fetch", fields.fetch);
    details.add("accepted", fields.accepted);
    details.add("overridden", fields.overridden);
    details.add("unmatched", fields.unmatched);
    details.add("repeated", fields.repeated);
    details.add("feedbackStore", fields.feedback_store);
    details.add("rows", fields.rows);
    details.add("reason", fields.reason);
    if (audited.act == Act::exporting) details.add("state", "begun");
    if (audited.repeated) details.add("count", std::to_string(audited.repeated->count));
    for (const auto& [type, text] : audited.details) details.add(type, text);
    return details.take();
}

std::string pad(unsigned long number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
}

}  // namespace

std::vector<Act> acts_of(Event event, const LogFields& fields) {
    switch (event) {
        case Event::request:
        case Event::internal_error: return acts_of_request(fields);
        case Event::started: return {Act::started};
        case Event::reloaded: return {Act::reloaded};
        case Event::reload_refused: return {Act::reload_refused};
        case Event::keys_failed:
        case Event::stopping: return {};
        case Event::stopped: return {Act::stopped};
        case Event::listener_failed: return {Act::broke};
        case Event::login: return {fields.reason == "accepted" ? Act::login : Act::login_refused};
        case Event::exporting: return {Act::exporting};
        case Event::exported: return {Act::exported};
        case Event::restored: return {Act::restored};
        case Event::purged: return {Act::purged};
    }
    return {};
}

bool is_counted(Act act) { return act == Act::not_admitted || act == Act::not_served || act == Act::login_refused; }

std::string write_audit_event(const Audited& audited, const AuditSource& source) {
    const auto& fields = audited.fields;
    const Shape shape = shape_of(audited.act);
    const int outcome = outcome_of(audited.act, shape, fields);
    Json event = {{"resourceType", "AuditEvent"}, {"type", write_coding(shape.type)}};
    if (shape.subtype != nullptr) event["subtype"] = Json::array({write_coding(*shape.subtype)});
    event["action"] = shape.action;
    if (const auto& repeated = audited.repeated)
        event["period"] = {{"start", print_instant(repeated->first)}, {"end", print_instant(repeated->last)}};
    event["recorded"] = print_instant(audited.recorded);
    event["outcome"] = std::to_string(outcome);
    const std::string why = outcome == k_success             ? ""
                            : broke_off(audited.act, fields) ? "broke off"
                                                             : describe_outcome(fields);
    if (!why.empty()) event["outcomeDesc"] = why;
    event["agent"] = Json::array({write_agent(audited.act, fields)});
    if (!source.site.empty()) event["source"]["site"] = source.site;
    event["source"]["observer"] = {{"display", source.observer}};
    Json entity = {{"type", write_coding(k_system_object)}};
    entity["name"] = fields.service.empty() ? std::string_view(shape.entity) : fields.service;
    Json details = write_details(audited);
    if (!details.empty()) entity["detail"] = std::move(details);
    event["entity"] = Json::array({std::move(entity)});
    return event.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string print_instant(WallTime at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    const auto number = [](auto count) { return static_cast<unsigned long>(count); };
    return pad(number(static_cast<int>(date.year())), 4) + '-' + pad(static_cast<unsigned>(date.month()), 2) + '-' +
           pad(static_cast<unsigned>(date.day()), 2) + 'T' + pad(number(time.hours().count()), 2) + ':' +
           pad(number(time.minutes().count()), 2) + ':' + pad(number(time.seconds().count()), 2) + '.' +
           pad(number(time.subseconds().count()), 3) + 'Z';
}

}  // namespace proctor::watch
