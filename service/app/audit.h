// The audit trail that a configuration asks for. It joins watch/ to files of keys; it knows no signals.
#pragma once

#include <memory>
#include <string>

#include "app/config.h"
#include "base/clock.h"
#include "base/result.h"
#include "watch/audit.h"

namespace proctor::app {

// Null: the configuration names none. Error: a trail or a key that cannot be used. A running service and a command that
// exports or deletes may write to the same trail. Refers to the clock; signals that the service waits for are blocked
// before, as it starts a thread.
// A command does not begin a trail: where its file is away it was renamed, most likely, and a service is about to go on
// in a new one. But `restore` may come before the first start of a service.
enum class TrailMayBeNew : bool { no, yes };
[[nodiscard]] Result<std::unique_ptr<watch::Audit>> open_audit(const Config& config, const Clock& clock,
                                                               TrailMayBeNew may_be_new = TrailMayBeNew::yes);

// Ed25519 in PEM. `secret`: it must be able to sign, and nobody but its owner may use the file.
[[nodiscard]] Result<watch::AuditKey> read_audit_key(const std::string& file, bool secret);

}  // namespace proctor::app
