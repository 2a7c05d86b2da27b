// Any bytes as an Authorization header; and, where they have two lines, a token of the first as header and the rest as
// payload, signed by a key of the client: never a crash, one spelling of a token, no signature but the client's.
#include <string>

#include "auth/tokens.h"
#include "base/limits.h"
#include "base/text.h"
#include "fuzz/input.h"

using namespace proctor::fuzz;

namespace {

using namespace proctor::auth;
using namespace proctor::auth::signing;

bool is_id(const std::string& text) {
    return !text.empty() && proctor::characters(text) <= proctor::limits::k_token_id_characters;
}

void require_sound(const Token& token, std::string_view authorization) {
    require(is_id(token.kid) && is_id(token.jti) && !token.iss.empty() && !token.signature.empty());
    require(token.exp >= 0 && token.iat >= 0 && token.nbf.value_or(0) >= 0);
    require(authorization.substr(7) == token.signed_part + '.' + encode_base64url(token.signature));
}

// Whether the signature is good. The claims are checked, too, for what they may do on the way.
bool verifies(std::string_view authorization) {
    const auto parsed = parse_token(authorization);
    const auto* token = std::get_if<Token>(&parsed);
    if (token == nullptr) return false;
    require_sound(*token, authorization);
    static_cast<void>(check_claims(*token, open_policy(), {k_audience}, now()));
    const Key* key = client_keys().find(token->kid);
    return key != nullptr && !check_signature(*token, *key);
}

void try_signed(const std::string& header, const std::string& payload) {
    const std::string authorization = bearer(header, payload, keys().p256, Algorithm::es256);
    const auto parsed = parse_token(authorization);
    const auto* token = std::get_if<Token>(&parsed);
    const bool ours = token != nullptr && token->algorithm == Algorithm::es256 && token->kid == "p256";
    require(verifies(authorization) == ours);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input = text_of(data, size);
    require(!verifies(input));
    require(!verifies("Bearer " + input));
    const auto line = input.find('\n');
    if (line != std::string::npos) try_signed(input.substr(0, line), input.substr(line + 1));
    return 0;
}
