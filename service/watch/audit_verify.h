// Checks an audit trail: that its lines are one chain over all its files, and that the heads in it are signed by who
// should have. In the memory of one line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "watch/audit_chain.h"
#include "watch/audit_key.h"

namespace proctor::watch {

struct AuditExpected {
    std::vector<AuditKey> keys;  // any of which may have signed; none: signatures are not looked at
    std::optional<Place> after;  // the first file goes on from here; otherwise it is the trail's first
    std::optional<Place> known;  // noted from an earlier check: these files must hold it, or go on from it
};

struct AuditFound {
    std::uint64_t events = 0, heads = 0;
    std::string first, last;  // when they were recorded
    Place place;              // the last line
};

class AuditVerifier final {
public:
    explicit AuditVerifier(AuditExpected expected);

    // The next file of the trail. Error: where the chain breaks, as "FILE:LINE".
    [[nodiscard]] Status read(const std::string& path);
    // After the last file. Error: what is missing altogether.
    [[nodiscard]] Status finish() const;
    [[nodiscard]] const AuditFound& found() const { return found_; }

private:
    [[nodiscard]] Status take(std::string_view text);
    [[nodiscard]] Status check_head(const Line& line) const;
    [[nodiscard]] Status check_begin() const;

    AuditExpected expected_;
    AuditFound found_;
};

}  // namespace proctor::watch
