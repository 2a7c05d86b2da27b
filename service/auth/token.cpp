#include "auth/token.h"

#include <algorithm>
#include <array>

#include "auth/base64url.h"
#include "auth/strict_json.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"

namespace proctor::auth {
namespace {

using Json = nlohmann::json;
using std::chrono::seconds;

constexpr std::string_view k_scheme = "bearer ";
constexpr std::array k_header_members = {"alg", "jku", "kid", "typ"};
constexpr std::array k_algorithms = {Algorithm::rs256, Algorithm::rs384, Algorithm::rs512, Algorithm::ps256,
                                     Algorithm::ps384, Algorithm::ps512, Algorithm::es256, Algorithm::es384,
                                     Algorithm::es512, Algorithm::eddsa};

template <typename Range, typename Value>
bool contains(const Range& range, const Value& value) {
    return std::find(range.begin(), range.end(), value) != range.end();
}

// RFC 9110 section 11.1: the scheme's case does not matter.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
    const auto same = [](char ours, char theirs) {
        return ours == (theirs >= 'A' && theirs <= 'Z' ? static_cast<char>(theirs - 'A' + 'a') : theirs);
    };
    const auto scheme = authorization.substr(0, k_scheme.size());
    if (!std::equal(k_scheme.begin(), k_scheme.end(), scheme.begin(), scheme.end(), same)) return std::nullopt;
    return authorization.substr(k_scheme.size());
}

bool is_id(const std::optional<std::string>& text) {
    return text && !text->empty() && characters(*text) <= limits::k_token_id_characters;
}

std::optional<Json> decode_object(std::string_view part) {
    const auto text = decode_base64url(part);
    return text ? parse_strict_object(*text) : std::nullopt;
}

std::optional<Reason> read_header(std::string_view part, Token& token) {
    const auto header = decode_object(part);
    if (!header) return Reason::malformed_token;
    for (const auto& member : header->items()) {
        if (!contains(k_header_members, member.key())) return Reason::malformed_token;
    }
    const auto alg = text_member(*header, "alg");
    const auto kid = text_member(*header, "kid");
    const auto jku = text_member(*header, "jku");
    if (!alg || !is_id(kid) || text_member(*header, "typ") != "JWT") return Reason::malformed_token;
    if (header->contains("jku") && (!jku || jku->empty())) return Reason::malformed_token;
    const auto algorithm = algorithm_named(*alg);
    if (!algorithm) return Reason::algorithm;
    token.algorithm = *algorithm;
    token.kid = *kid;
    token.jku = jku.value_or("");
    return std::nullopt;
}

bool read_audiences(const Json& payload, std::vector<std::string>& audiences) {
    const auto aud = payload.find("aud");
    if (aud == payload.end() || !(aud->is_string() || aud->is_array())) return false;
    for (const Json& one : aud->is_array() ? *aud : Json::array({*aud})) {
        const auto text = text_of(one);
        if (!text) return false;
        audiences.push_back(*text);
    }
    return true;
}

std::optional<Reason> read_payload(std::string_view part, Token& token) {
    const auto payload = decode_object(part);
    if (!payload || !read_audiences(*payload, token.aud)) return Reason::malformed_token;
    const auto iss = text_member(*payload, "iss");
    const auto exp = seconds_member(*payload, "exp");
    const auto iat = seconds_member(*payload, "iat");
    const auto tenant = text_member(*payload, "tenant");
    token.nbf = seconds_member(*payload, "nbf");
    if (!iss || iss->empty() || !exp || !iat) return Reason::malformed_token;
    if (payload->contains("nbf") != token.nbf.has_value()) return Reason::malformed_token;
    if (payload->contains("tenant") != tenant.has_value()) return Reason::malformed_token;
    if (tenant && tenant->size() > limits::k_tenant_bytes) return Reason::malformed_token;
    const auto jti = text_member(*payload, "jti");
    if (!is_id(jti)) return Reason::jti;
    token.iss = *iss;
    token.exp = *exp;
    token.iat = *iat;
    token.tenant = tenant.value_or("");
    token.jti = *jti;
    return std::nullopt;
}

bool audience_fits(const Token& token, const TokenPolicy& policy, const std::vector<std::string>& audiences) {
    if (token.aud.size() != 1 && !policy.several_audiences) return false;
    return std::any_of(token.aud.begin(), token.aud.end(), [&](const auto& aud) { return contains(audiences, aud); });
}

// All in whole seconds: the claims are, so that a fraction of now decides nothing.
bool time_fits(const Token& token, const TokenPolicy& policy, WallTime now) {
    const std::int64_t today = std::chrono::floor<seconds>(now).time_since_epoch().count();
    const std::int64_t latest = today + limits::k_clock_skew_seconds;
    if (token.exp <= today - limits::k_clock_skew_seconds) return false;
    if (token.exp > latest + policy.lifetime.count()) return false;
    return token.iat <= latest && token.nbf.value_or(token.iat) <= latest;
}

}  // namespace

std::string_view print(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::rs256: return "RS256";
        case Algorithm::rs384: return "RS384";
        case Algorithm::rs512: return "RS512";
        case Algorithm::ps256: return "PS256";
        case Algorithm::ps384: return "PS384";
        case Algorithm::ps512: return "PS512";
        case Algorithm::es256: return "ES256";
        case Algorithm::es384: return "ES384";
        case Algorithm::es512: return "ES512";
        case Algorithm::eddsa: return "EdDSA";
    }
    return "";
}

std::optional<Algorithm> algorithm_named(std::string_view name) {
    for (const Algorithm algorithm : k_algorithms) {
        if (print(algorithm) == name) return algorithm;
    }
    return std::nullopt;
}

std::variant<Token, Reason> parse_token(std::string_view authorization) {
    if (authorization.size() > limits::k_authorization_bytes) return Reason::malformed_token;
    const auto compact = bearer_token(authorization);
    if (!compact) return Reason::no_token;
    const auto first = compact->find('.');
    const auto last = compact->rfind('.');
    if (first == last) return Reason::malformed_token;  // a third dot stands in the payload, where it is no base64url
    Token token;
    if (const auto refused = read_header(compact->substr(0, first), token)) return *refused;
    if (const auto refused = read_payload(compact->substr(first + 1, last - first - 1), token)) return *refused;
    auto signature = decode_base64url(compact->substr(last + 1));
    if (!signature || signature->empty()) return Reason::malformed_token;
    token.signed_part = compact->substr(0, last);
    token.signature = std::move(*signature);
    return token;
}

std::optional<Reason> check_claims(const Token& token, const TokenPolicy& policy,
                                   const std::vector<std::string>& audiences, WallTime now) {
    if (!contains(policy.algorithms, token.algorithm)) return Reason::algorithm;
    if (!token.jku.empty() && !contains(policy.jkus, token.jku)) return Reason::jku;
    if (!audience_fits(token, policy, audiences)) return Reason::audience;
    if (!time_fits(token, policy, now)) return Reason::expired;
    if (!policy.tenants.empty() && !contains(policy.tenants, token.tenant)) return Reason::tenant;
    return std::nullopt;
}

}  // namespace proctor::auth
