#include "hooks/identity.h"

#include "base/digest.h"

namespace proctor::hooks {

std::string uuid_of(const std::vector<std::string_view>& parts) { return uuid5(k_uuid_namespace, framed(parts)); }

std::string topic_code(std::string_view rule_code) {
    std::string code(rule_code);
    std::erase(code, '-');
    return code;
}

}  // namespace proctor::hooks
