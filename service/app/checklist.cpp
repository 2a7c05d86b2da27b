#include "app/checklist.h"

#include <algorithm>
#include <ostream>

#include "app/show_cards.h"
#include "hooks/check_answer.h"

namespace proctor::app {
namespace {

using rules::Node;

// CDS Hooks 3.0, CDS Service Response: an answer in about 500 ms.
constexpr std::chrono::milliseconds k_expected_time{500};

// Without control characters but line feeds; also without C1's, two bytes in UTF-8.
std::string printable(std::string_view text) {
    std::string plain(text);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const auto byte = static_cast<unsigned char>(plain[i]);
        const auto next = i + 1 < plain.size() ? static_cast<unsigned char>(plain[i + 1]) : 0U;
        if (byte == 0xC2 && next >= 0x80 && next < 0xA0) plain[i] = plain[i + 1] = ' ';
        if ((byte < 0x20 && byte != '\n') || byte == 0x7F) plain[i] = ' ';
    }
    return plain;
}

void make_printable(Node& node) {
    node.text = printable(node.text);
    for (Node& item : node.items) make_printable(item);
}

std::string text_at(const Node& node, std::string_view member) {
    const Node* found = node.find(member);
    return found == nullptr ? "" : found->text;
}

// Where an analyst looks first.
std::string_view advice_for(int status) {
    switch (status) {
        case 401:
            return "Compare issuer, kid, alg and key with the client's registration, audience with the address that "
                   "the service believes it has, and the clocks. The service's log has the reason.";
        case 403:
            return "The client is known but may not do this: look at what it is registered for, and at a proxy or "
                   "firewall in between.";
        case 412:
            return "Data that the service requires did not come: compare the request's prefetch with discovery's, and "
                   "see whether fhirServer and fhirAuthorization are sent and meant for this patient.";
        case 413:
            return "The request is longer than the service, or a proxy before it, takes: look at the proxy's limit "
                   "and at the size of each prefetch search.";
        default: return "";
    }
}

bool is_json(std::string_view content_type) { return content_type.find("json") != std::string_view::npos; }

// "200 in 34 ms"
std::string describe_status(const outbound::Answer& answer) {
    return std::to_string(answer.status) + " in " + std::to_string(answer.time.count()) + " ms";
}

bool lists(const Node& discovery, std::string_view id, std::string_view hook) {
    const Node* services = discovery.find("services");
    return services != nullptr && std::any_of(services->items.begin(), services->items.end(), [&](const Node& service) {
               return text_at(service, "id") == id && text_at(service, "hook") == hook;
           });
}

void judge_form(std::string_view step, const hooks::Findings& findings, Checklist& list) {
    for (const auto& fault : findings.faults) list.fault(step, describe(fault));
    for (const auto& note : findings.notes) list.note(step, describe(note));
    if (findings.faults.empty()) list.good(step, "is as CDS Hooks 3.0 asks for");
}

}  // namespace

void Checklist::good(std::string_view step, std::string_view text) { line(paint("ok   ", "32", screen_), step, text); }

void Checklist::note(std::string_view step, std::string_view text) { line(paint("note ", "33", screen_), step, text); }

void Checklist::fault(std::string_view step, std::string_view text) {
    fine_ = false;
    line(paint("fault", "1;31", screen_), step, text);
}

void Checklist::line(std::string_view mark, std::string_view step, std::string_view text) {
    std::string plain = printable(text);
    std::replace(plain.begin(), plain.end(), '\n', ' ');
    out_ << mark << ' ' << step << ": " << plain << '\n' << std::flush;
}

void Checklist::judge_discovery(const outbound::Answer& answer, std::string_view id, std::string_view hook) {
    constexpr std::string_view k_step = "discovery";
    if (!judge_status(k_step, answer)) return;
    judge_form(k_step, hooks::check_discovery(answer.body), *this);
    const auto document = rules::parse_json(answer.body);
    if (!document) return;
    const std::string what = '"' + std::string(id) + "\" for the hook " + std::string(hook);
    if (lists(document.value(), id, hook))
        good(k_step, "lists " + what);
    else
        fault(k_step, "does not list " + what);
}

void Checklist::judge_answer(const outbound::Answer& answer) {
    constexpr std::string_view k_step = "answer";
    if (!judge_status(k_step, answer)) return;
    judge_form(k_step, hooks::check_answer(answer.body), *this);
    if (answer.time > k_expected_time) note(k_step, "SHOULD come within about 500 ms");
    auto document = rules::parse_json(answer.body);
    if (!document) return;
    make_printable(*document);
    out_ << '\n' << show_answer(*document, screen_);
}

bool Checklist::judge_status(std::string_view step, const outbound::Answer& answer) {
    if (answer.status != 200) {
        refused(step, answer);
        return false;
    }
    good(step, describe_status(answer));
    if (!is_json(answer.content_type)) note(step, "its content type is not JSON's");
    return true;
}

void Checklist::refused(std::string_view step, const outbound::Answer& answer) {
    fault(step, describe_status(answer));
    for (const auto& [name, value] : answer.headers) note(step, std::string(name).append(": ").append(value));
    auto outcome = rules::parse_json(answer.body);
    if (outcome && text_at(*outcome, "resourceType") == "OperationOutcome") {
        make_printable(*outcome);
        out_ << show_answer(*outcome, screen_);
    } else {
        note(step, "SHOULD carry an OperationOutcome; a proxy may have answered in the service's place");
    }
    const auto advice = advice_for(answer.status);
    if (advice.empty()) return;
    for (const auto& text : render_markdown(advice, screen_)) out_ << text << '\n';
}

}  // namespace proctor::app
