#include "app/audit.h"

#include <unistd.h>

#include <utility>

#include "app/files.h"
#include "base/wiped.h"

namespace proctor::app {
namespace {

constexpr std::size_t k_key_bytes = 4096;

std::string host_name() {
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 && name[0] != '\0' ? name : "proctor";
}

}  // namespace

Result<watch::AuditKey> read_audit_key(const std::string& file, bool secret) {
    auto text = read_text(file, k_key_bytes);
    if (!text) return text.error();
    const Wiped pem(std::move(text).value());
    auto key = watch::AuditKey::read(pem.text);
    if (!key) return Error{key.error().message, file};
    if (secret && !key->can_sign()) return Error{"is a public key, which cannot sign", file};
    if (secret) {
        if (auto fine = check_private(file); !fine) return fine.error();
    }
    return key;
}

Result<std::unique_ptr<watch::Audit>> open_audit(const Config& config, const Clock& clock, TrailMayBeNew may_be_new) {
    if (config.audit_log.empty()) return std::unique_ptr<watch::Audit>();
    watch::AuditOptions options{
        config.audit_log.string(), {config.base_url, host_name()}, {}, may_be_new == TrailMayBeNew::yes};
    if (!config.audit_key.empty()) {
        auto key = read_audit_key(config.audit_key.string(), true);
        if (!key) return key.error();
        options.key = std::move(key).value();
    }
    auto audit = watch::Audit::open(std::move(options), clock);
    if (audit) (*audit)->start();
    return audit;
}

}  // namespace proctor::app
