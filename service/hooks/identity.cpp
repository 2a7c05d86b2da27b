#include "hooks/identity.h"

#include "base/digest.h"

namespace proctor::hooks {

// Each part is preceded by its length, so no content of a part can imitate a border between two.
std::string uuid_of(const std::vector<std::string_view>& parts) {
    std::string name;
    for (const auto part : parts) {
        name += std::to_string(part.size());
        name += ':';
        name += part;
    }
    return uuid5(k_uuid_namespace, name);
}

std::string topic_code(std::string_view rule_code) {
    std::string code(rule_code);
    std::erase(code, '-');
    return code;
}

}  // namespace proctor::hooks
