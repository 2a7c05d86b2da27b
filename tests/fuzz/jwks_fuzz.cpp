// Any bytes as a key set: refused or sound, and no key of it verifies a signature that nobody made.
#include <set>
#include <string>

#include "auth/keys.h"
#include "base/limits.h"
#include "fuzz/input.h"

using namespace proctor::fuzz;

namespace {

using namespace proctor::auth;

constexpr std::size_t k_keys_tried = 3;  // checking a signature is what takes the time
constexpr std::size_t k_signature_bytes[] = {1, 64, 96, 132, 256};

void require_no_forgery(const Key& key) {
    Token token;
    token.signed_part = "e30.e30";
    for (const char* name : {"RS256", "PS384", "ES256", "ES384", "ES512", "EdDSA"}) {
        token.algorithm = *algorithm_named(name);
        for (const std::size_t size : k_signature_bytes) {
            token.signature.assign(size, '\x2A');
            require(check_signature(token, key).has_value());
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto set = parse_jwks(text_of(data, size));
    if (!set) return 0;
    std::set<std::string> kids;
    for (const Key& key : set->keys) {
        require(!key.kid.empty() && kids.insert(key.kid).second && set->find(key.kid) == &key);
        if (kids.size() <= k_keys_tried) require_no_forgery(key);
    }
    require(kids.size() <= proctor::limits::k_jwks_keys);
    return 0;
}
