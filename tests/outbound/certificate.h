// Self-signed certificates for servers in tests.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace proctor::outbound {

struct Certificate {
    std::shared_ptr<EVP_PKEY> key;
    std::shared_ptr<X509> x509;
};

// `name`: "DNS:ehr.example"; `until`: "20991231235959Z".
inline Certificate make_certificate(const char* name, const char* until = "20991231235959Z") {
    Certificate made{{EVP_EC_gen("P-256"), EVP_PKEY_free}, {X509_new(), X509_free}};
    X509* x509 = made.x509.get();
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    ASN1_TIME_set_string(X509_getm_notBefore(x509), "20000101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(x509), until);
    X509_set_pubkey(x509, made.key.get());
    const std::string common_name = std::string("test ") + name + until;
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name);
    X509_add_ext(x509, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(x509, made.key.get(), EVP_sha256());
    return made;
}

inline std::string pem(const Certificate& certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(out.get(), certificate.x509.get());
    const char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace proctor::outbound
