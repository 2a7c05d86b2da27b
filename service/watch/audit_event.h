// What is audited, and how it is written: FHIR R4 AuditEvents with codes of HL7's and DICOM's value sets. They hold
// what LogFields carries, and so no patient. It knows no files and no order of events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"

namespace proctor::watch {

enum class Act : std::uint8_t {
    hook,
    feedback,
    outbound_refused,  // a hook named a FHIR server that its client is not registered with
    not_admitted,      // it is not known who called
    not_served,        // refused before a service was reached: busy, malformed
    login,
    login_refused,
    exporting,
    exported,
    restored,
    purged,
    reloaded,
    reload_refused,
    started,
    stopped,
    broke,    // stopped because a listener broke
    lost,     // events that could not be written
    torn,     // the end of the trail was half a line, and was set aside
    deleted,  // the trail's file was, and another goes on from its last line
};

// What an event of the log is to the audit trail; empty: nothing. A hook may be two.
[[nodiscard]] std::vector<Act> acts_of(Event event, const LogFields& fields);
// Anybody can cause it as often as they like: such acts are counted, and many make one event.
[[nodiscard]] bool is_counted(Act act);

// Who writes: FHIR's AuditEvent.source.
struct AuditSource {
    std::string site;      // base_url of the configuration; may be empty
    std::string observer;  // name of the host
};

struct Repeated {
    std::size_t count = 0;
    WallTime first{}, last{};
};

struct Audited {
    Act act;
    const LogFields& fields;
    WallTime recorded;
    std::optional<Repeated> repeated;                               // of acts that are counted, and of what was lost
    std::vector<std::pair<std::string_view, std::string>> details;  // beside the fields
};

// One line of JSON.
[[nodiscard]] std::string write_audit_event(const Audited& audited, const AuditSource& source);

// 2026-06-15T12:00:00.123Z
[[nodiscard]] std::string print_instant(WallTime at);

}  // namespace proctor::watch
