#include "store/secrets.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "auth/base64url.h"
#include "base/digest.h"
#include "base/hex.h"

namespace proctor::store {
namespace {

constexpr std::size_t k_nonce_bytes = 12, k_tag_bytes = 16;

// OpenSSL fails at these calls only without memory.
void require(bool holds) {
    if (!holds) throw std::bad_alloc();
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
int size_of(std::string_view text) { return static_cast<int>(text.size()); }

// The first part says what it is for: nothing made for one purpose is worth anything for another.
std::string associated(const CommentPlace& place) {
    return framed({"proctor comment", place.client, place.tenant, place.card,
                   std::to_string(place.outcome_at.time_since_epoch().count())});
}

struct Freeing {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Freeing>;

// Ready for the text.
Cipher start_gcm(const GcmInput& with, int encrypt) {
    require(with.key.size() == 32 && with.nonce.size() == k_nonce_bytes);
    Cipher cipher(EVP_CIPHER_CTX_new());
    int done = 0;
    require(cipher != nullptr);
    require(EVP_CipherInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(with.key), bytes(with.nonce), encrypt));
    require(EVP_CipherUpdate(cipher.get(), nullptr, &done, bytes(with.associated), size_of(with.associated)));
    return cipher;
}

}  // namespace

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    require(HMAC(EVP_sha256(), key.data(), size_of(key), bytes(text), text.size(), mac.data(), &size) != nullptr);
    return write_hex({mac.data(), size});
}

std::string encrypt_gcm(const GcmInput& with, std::string_view text) {
    const auto cipher = start_gcm(with, 1);
    std::string out(text.size() + k_tag_bytes, '\0');
    int done = 0, rest = 0;
    require(EVP_CipherUpdate(cipher.get(), bytes(out), &done, bytes(text), size_of(text)));
    require(EVP_CipherFinal_ex(cipher.get(), bytes(out) + done, &rest) && done + rest == size_of(text));
    require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, k_tag_bytes, bytes(out) + text.size()));
    return out;
}

std::optional<std::string> decrypt_gcm(const GcmInput& with, std::string_view ciphertext_and_tag) {
    if (ciphertext_and_tag.size() < k_tag_bytes) return std::nullopt;
    const auto ciphertext = ciphertext_and_tag.substr(0, ciphertext_and_tag.size() - k_tag_bytes);
    std::string tag(ciphertext_and_tag.substr(ciphertext.size()));
    const auto cipher = start_gcm(with, 0);
    std::string out(ciphertext.size() + k_tag_bytes, '\0');
    int done = 0, rest = 0;
    require(EVP_CipherUpdate(cipher.get(), bytes(out), &done, bytes(ciphertext), size_of(ciphertext)));
    require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, k_tag_bytes, tag.data()));
    if (EVP_CipherFinal_ex(cipher.get(), bytes(out) + done, &rest) != 1) return std::nullopt;
    out.resize(ciphertext.size());
    return out;
}

std::string IdentityKeys::hash(const std::vector<std::string_view>& purpose_and_person) const {
    if (purpose_and_person.back().empty()) return {};
    const auto& key = keys_.front();
    return key.id + ':' + hmac_sha256_hex(key.bytes.text, framed(purpose_and_person));
}

std::string IdentityKeys::hash_patient(std::string_view client, std::string_view tenant, std::string_view id) const {
    return hash({"proctor patient", client, tenant, id});
}

std::string IdentityKeys::hash_user(std::string_view client, std::string_view tenant, std::string_view id) const {
    return hash({"proctor user", client, tenant, id});
}

std::string IdentityKeys::salt_of(std::string_view client, std::string_view tenant, std::string_view patient) const {
    return hmac_sha256_hex(keys_.front().bytes.text, framed({"proctor evidence", client, tenant, patient}));
}

std::string CommentKeys::seal(std::string_view comment, const CommentPlace& place) const {
    std::array<std::uint8_t, k_nonce_bytes> random{};
    entropy_->fill(random);
    const std::string nonce(random.begin(), random.end());
    const auto& key = keys_.front();
    return key.id + ':' +
           auth::encode_base64url(nonce + encrypt_gcm({key.bytes.text, nonce, associated(place)}, comment));
}

std::variant<std::string, Unopened> CommentKeys::open(std::string_view sealed, const CommentPlace& place) const {
    const auto colon = std::min(sealed.find(':'), sealed.size());
    const auto key = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const SecretKey& one) { return one.id == sealed.substr(0, colon); });
    if (key == keys_.end()) return Unopened::unknown_key;
    const auto box = auth::decode_base64url(sealed.substr(std::min(colon + 1, sealed.size())));
    if (!box || box->size() < k_nonce_bytes + k_tag_bytes) return Unopened::damaged;
    const std::string_view whole = *box;
    auto text =
        decrypt_gcm({key->bytes.text, whole.substr(0, k_nonce_bytes), associated(place)}, whole.substr(k_nonce_bytes));
    if (!text) return Unopened::damaged;
    return std::move(*text);
}

}  // namespace proctor::store
