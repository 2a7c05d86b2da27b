// What attackers send, a row each with the reason for which it is refused. All tokens but the marked ones are signed by
// the client's own key over what they say, so that only the check in question can refuse them.
#include "auth/attacks.h"

namespace proctor::auth {
namespace {

using namespace signing;

std::string with_signature(const std::string& header, const std::string& signature,
                           const std::string& payload = payload_text()) {
    return "Bearer " + encode_base64url(header) + '.' + encode_base64url(payload) + '.' + encode_base64url(signature);
}

std::string alg_kid(const std::string& alg, const std::string& kid) {
    return header_text({{"alg", text_json(alg)}, {"kid", text_json(kid)}});
}

std::string signed_as(Algorithm algorithm, const SigningKey& key, const std::string& kid) {
    return bearer(alg_kid(std::string(print(algorithm)), kid), payload_text(), key, algorithm);
}

Attacks accepted() {
    const Keys& k = keys();
    return {
        {"ES384", bearer(header_text(), payload_text()), k_accepted},
        {"RS384", signed_as(Algorithm::rs384, k.rsa, "rsa"), k_accepted},
        {"ES256", signed_as(Algorithm::es256, k.p256, "p256"), k_accepted},
        {"RS256", signed_as(Algorithm::rs256, k.rsa, "rsa"), k_accepted},
        {"RS256 with a key for it", signed_as(Algorithm::rs256, k.rsa, "rs256only"), k_accepted},
        {"RS512 where opened", signed_as(Algorithm::rs512, k.rsa, "rsa"), k_accepted, true},
        {"PS256 where opened", signed_as(Algorithm::ps256, k.rsa, "rsa"), k_accepted, true},
        {"PS384 where opened", signed_as(Algorithm::ps384, k.rsa, "rsa"), k_accepted, true},
        {"PS512 where opened", signed_as(Algorithm::ps512, k.rsa, "rsa"), k_accepted, true},
        {"ES512 where opened", signed_as(Algorithm::es512, k.p521, "p521"), k_accepted, true},
        {"EdDSA where opened", signed_as(Algorithm::eddsa, k.ed25519, "ed25519"), k_accepted, true},
        {"the scheme in small letters", "bearer " + bearer(header_text(), payload_text()).substr(7), k_accepted},
        {"white space in the JSON", bearer(' ' + header_text() + '\n', "\t" + payload_text()), k_accepted},
    };
}

Attacks algorithms() {
    const Keys& k = keys();
    Attacks rows;
    for (const std::string name : {"none", "None", "NONE", "nOnE", "none ", "", "HS512", "es384", "RS256 ", "ES256K",
                                   "RSA-OAEP", "A256KW", "dir"}) {
        rows.push_back(
            {"alg '" + name + "', signed", bearer(alg_kid(name, "p384"), payload_text()), Reason::algorithm});
    }
    for (const std::string name : {"none", "None", "NONE", "nOnE", "nONE"}) {
        rows.push_back(
            {"alg '" + name + "', no signature", with_signature(alg_kid(name, "p384"), ""), Reason::algorithm});
    }
    const std::pair<const char*, const SigningKey*> owners[] = {{"rsa", &k.rsa}, {"p384", &k.p384}};
    for (const auto& [kid, key] : owners) {
        for (const auto& [alg, digest] : {std::pair("HS256", "SHA256"), std::pair("HS384", "SHA384")}) {
            const std::string header = alg_kid(alg, kid);
            const std::string message = encode_base64url(header) + '.' + encode_base64url(payload_text());
            rows.push_back({std::string(alg) + " with the PEM of " + kid,
                            with_signature(header, hmac(digest, key->public_pem(), message)), Reason::algorithm});
        }
    }
    const std::tuple<Algorithm, const SigningKey*, const char*> closed[] = {
        {Algorithm::rs512, &k.rsa, "rsa"},   {Algorithm::ps256, &k.rsa, "rsa"},
        {Algorithm::ps384, &k.rsa, "rsa"},   {Algorithm::ps512, &k.rsa, "rsa"},
        {Algorithm::es512, &k.p521, "p521"}, {Algorithm::eddsa, &k.ed25519, "ed25519"}};
    for (const auto& [algorithm, key, kid] : closed) {
        rows.push_back(
            {std::string(print(algorithm)) + " not opened", signed_as(algorithm, *key, kid), Reason::algorithm});
    }
    return rows;
}

Attacks wrong_keys() {
    const Keys& k = keys();
    static const SigningKey small = SigningKey::rsa(1024), other = SigningKey::ec("P-384");
    return {
        {"ES256 on a P-384 key", signed_as(Algorithm::es256, k.p384, "p384"), Reason::key_unfit},
        {"ES512 on a P-384 key", signed_as(Algorithm::es512, k.p384, "p384"), Reason::key_unfit, true},
        {"ES384 on a P-256 key", signed_as(Algorithm::es384, k.p256, "p256"), Reason::key_unfit},
        {"ES384 on a P-521 key", signed_as(Algorithm::es384, k.p521, "p521"), Reason::key_unfit},
        {"RS256 named on an EC key", signed_as(Algorithm::rs256, k.rsa, "p384"), Reason::key_unfit},
        {"RS384 named, signed by EC", signed_as(Algorithm::rs384, k.p384, "p384"), Reason::key_unfit},
        {"ES384 named on an RSA key", signed_as(Algorithm::es384, k.p384, "rsa"), Reason::key_unfit},
        {"EdDSA on an EC key", signed_as(Algorithm::eddsa, k.ed25519, "p256"), Reason::key_unfit, true},
        {"ES256 on an Ed25519 key", signed_as(Algorithm::es256, k.p256, "ed25519"), Reason::key_unfit},
        {"RS384 with a key for RS256", signed_as(Algorithm::rs384, k.rsa, "rs256only"), Reason::key_unfit},
        {"PS256 with a key for RS256", signed_as(Algorithm::ps256, k.rsa, "rs256only"), Reason::key_unfit, true},
        {"RSA of 1024 bits", signed_as(Algorithm::rs256, small, "rsa1024"), Reason::unknown_key},
        {"a key for encryption", signed_as(Algorithm::es384, k.p384, "forEncryption"), Reason::unknown_key},
        {"another key of that type", signed_as(Algorithm::es384, other, "p384"), Reason::signature},
        {"another key under its own name", signed_as(Algorithm::es384, other, "attacker"), Reason::unknown_key},
    };
}

Attacks ecdsa_signatures() {
    const std::string header = header_text(), payload = payload_text();
    const std::string message = encode_base64url(header) + '.' + encode_base64url(payload);
    const std::string good = keys().p384.sign(Algorithm::es384, message);
    const std::string zero(48, '\0'), n = keys().p384.number_param(OSSL_PKEY_PARAM_EC_ORDER, 48), ones(48, '\xFF');
    const std::string r = good.substr(0, 48), s = good.substr(48), one = zero.substr(1) + '\x01';
    std::string flipped = good;
    flipped[60] = static_cast<char>(flipped[60] ^ 4);
    const std::pair<const char*, std::string> signatures[] = {
        {"r = s = 0", zero + zero},
        {"r = 0", zero + s},
        {"s = 0", r + zero},
        {"r = s = n", n + n},
        {"r = n", n + s},
        {"s = n", r + n},
        {"r = s = 1", one + one},
        {"r = s = 2^384 - 1", ones + ones},
        {"swapped", s + r},
        {"DER", keys().p384.sign_der(Algorithm::es384, message)},
        {"one byte short", good.substr(0, 95)},
        {"one byte more", good + '\0'},
        {"a byte before", '\0' + good},
        {"r alone", r},
        {"twice", good + good},
        {"one bit", flipped},
        {"one byte", "\x01"},
        {"of SHA-256", keys().p384.sign(Algorithm::es256, message)},
        {"of the payload alone", keys().p384.sign(Algorithm::es384, encode_base64url(payload))},
        {"of an empty text", keys().p384.sign(Algorithm::es384, "")},
    };
    Attacks rows;
    for (const auto& [name, signature] : signatures) {
        rows.push_back({std::string("ECDSA: ") + name, with_signature(header, signature), Reason::signature});
    }
    rows.push_back({"no signature", with_signature(header, ""), Reason::malformed_token});
    return rows;
}

Attacks rsa_signatures() {
    const Keys& k = keys();
    const std::string header = alg_kid("RS256", "rsa"), pss = alg_kid("PS256", "rsa"), ed = alg_kid("EdDSA", "ed25519");
    const auto message = [](const std::string& head) {
        return encode_base64url(head) + '.' + encode_base64url(payload_text());
    };
    const std::string good = k.rsa.sign(Algorithm::rs256, message(header)), zero(256, '\0');
    const std::string good_ed = k.ed25519.sign(Algorithm::eddsa, message(ed));
    return {
        {"RSA: 0", with_signature(header, zero), Reason::signature},
        {"RSA: 1", with_signature(header, zero.substr(1) + '\x01'), Reason::signature},
        {"RSA: n", with_signature(header, k.rsa.number_param(OSSL_PKEY_PARAM_RSA_N)), Reason::signature},
        {"RSA: one byte short", with_signature(header, good.substr(0, 255)), Reason::signature},
        {"RSA: one byte more", with_signature(header, good + '\0'), Reason::signature},
        {"RSA: a byte before", with_signature(header, '\0' + good), Reason::signature},
        {"RSA: PSS under RS256", with_signature(header, k.rsa.sign(Algorithm::ps256, message(header))),
         Reason::signature},
        {"RSA: RS256 under PS256", with_signature(pss, k.rsa.sign(Algorithm::rs256, message(pss))), Reason::signature,
         true},
        {"RSA: PS384 under PS256", with_signature(pss, k.rsa.sign(Algorithm::ps384, message(pss))), Reason::signature,
         true},
        {"RSA: RS384 under RS256", with_signature(header, k.rsa.sign(Algorithm::rs384, message(header))),
         Reason::signature},
        {"Ed25519: one byte short", with_signature(ed, good_ed.substr(0, 63)), Reason::signature, true},
        {"Ed25519: one byte more", with_signature(ed, good_ed + '\0'), Reason::signature, true},
        {"Ed25519: S of ones", with_signature(ed, good_ed.substr(0, 32) + std::string(32, '\xFF')), Reason::signature,
         true},
        {"Ed25519: 0", with_signature(ed, std::string(64, '\0')), Reason::signature, true},
    };
}

// The next character of the alphabet as the last one: the same bytes, with other bits left over.
std::string respelled(std::string part) {
    static const std::string k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    part.back() = k_alphabet[k_alphabet.find(part.back()) + 1];
    return part;
}

// Header and payload as spelled, signed as spelled; `change` respells the signature.
template <typename Change>
std::string spelled(const std::string& header, const std::string& payload, const Change& change) {
    const std::string signed_part = header + '.' + payload;
    const std::string signature = encode_base64url(keys().p256.sign(Algorithm::es256, signed_part));
    return "Bearer " + signed_part + '.' + change(signature);
}

Attacks spellings() {
    const auto same = [](const std::string& text) { return text; };
    const auto unpadded = [](std::string text) {  // leaves bits over in base64url
        while (text.size() % 3 != 1) text += ' ';
        return encode_base64url(text);
    };
    const std::string h = unpadded(alg_kid("ES256", "p256")), p = unpadded(payload_text());
    Attacks rows = {{"bits left over, all zero", spelled(h, p, same), k_accepted},
                    {"other bits left over in the header", spelled(respelled(h), p, same), Reason::malformed_token},
                    {"other bits left over in the payload", spelled(h, respelled(p), same), Reason::malformed_token},
                    {"other bits left over in the signature", spelled(h, p, respelled), Reason::malformed_token}};
    // One 'A' more makes a signature of 65 bytes, and JSON with a NUL behind it.
    for (const std::string& more :
         {std::string("="), std::string("=="), std::string(" "), std::string("\n"), std::string("\t"), std::string("+"),
          std::string("/"), std::string("%3D"), std::string("\xC3\xA4"), std::string(1, '\0'), std::string("A")}) {
        const auto longer = [&](const std::string& text) { return text + more; };
        rows.push_back({"header and '" + more + "'", spelled(longer(h), p, same), Reason::malformed_token});
        rows.push_back({"payload and '" + more + "'", spelled(h, longer(p), same), Reason::malformed_token});
        rows.push_back({"signature and '" + more + "'", spelled(h, p, longer),
                        more == "A" ? Reason::signature : Reason::malformed_token});
    }
    return rows;
}

Attacks forms() {
    const std::string good = bearer(header_text(), payload_text()), token = good.substr(7);
    const auto last = token.rfind('.');
    const std::string plain = R"({"protected":"e30","payload":"e30","signature":"AA"})";
    Attacks rows = {
        {"no header", "", Reason::no_token},
        {"scheme alone", "Bearer", Reason::no_token},
        {"Basic", "Basic " + token, Reason::no_token},
        {"no scheme", token, Reason::no_token},
        {"tab after the scheme", "Bearer\t" + token, Reason::no_token},
        {"a space before", ' ' + good, Reason::no_token},
        {"one header over the limit", good + std::string(8193 - good.size(), 'A'), Reason::malformed_token},
        {"2 MB", good + std::string(2U << 20U, 'A'), Reason::malformed_token},
    };
    for (const auto& [name, text] : std::initializer_list<std::pair<const char*, std::string>>{
             {"scheme and nothing", ""},
             {"two spaces", ' ' + token},
             {"one segment", "abcd"},
             {"two segments", token.substr(0, last)},
             {"four segments", token + ".e30"},
             {"a last dot", token + '.'},
             {"a first dot", '.' + token},
             {"dots", ".."},
             {"five segments, as of JWE", "e30.e30.e30.e30.e30"},
             {"two tokens", token + ", Bearer " + token},
             {"JSON serialisation", plain},
             {"no payload", token.substr(0, token.find('.')) + '.' + token.substr(last)}}) {
        rows.push_back({name, "Bearer " + text, Reason::malformed_token});
    }
    return rows;
}

Attacks tampered() {
    const std::string good = bearer(header_text(), payload_text());
    const std::string later = encode_base64url(payload_text({{"exp", std::to_string(k_now + 301)}}));
    const std::string other_kid = encode_base64url(alg_kid("ES256", "p256"));
    const auto first = good.find('.'), last = good.rfind('.');
    const std::string second = bearer(header_text(), payload_text({{"jti", R"("second")"}}));
    return {
        {"another payload", good.substr(0, first + 1) + later + good.substr(last), Reason::signature},
        {"another header", "Bearer " + other_kid + good.substr(first), Reason::signature},
        {"another token's signature", good.substr(0, last) + second.substr(second.rfind('.')), Reason::signature},
    };
}

TEST(Attack, IsToldFromTheClientsOwnTokens) { expect_verdicts(accepted()); }
TEST(Attack, WithAnAlgorithmOfItsChoiceIsRefused) { expect_verdicts(algorithms()); }
TEST(Attack, WithAKeyThatDoesNotFitIsRefused) { expect_verdicts(wrong_keys()); }
TEST(Attack, WithAnEcdsaSignatureOfItsMakingIsRefused) { expect_verdicts(ecdsa_signatures()); }
TEST(Attack, WithAnRsaOrEd25519SignatureOfItsMakingIsRefused) { expect_verdicts(rsa_signatures()); }
TEST(Attack, ByAnotherSpellingOfATokenIsRefused) { expect_verdicts(spellings()); }
TEST(Attack, ThatIsNoBearerTokenIsRefused) { expect_verdicts(forms()); }
TEST(Attack, OnATokenAlreadySignedIsRefused) { expect_verdicts(tampered()); }

}  // namespace
}  // namespace proctor::auth
