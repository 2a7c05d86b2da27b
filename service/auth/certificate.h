// Certificates. The client's of mutual TLS, as nginx hands it on: $ssl_client_escaped_cert. The TLS handshake has
// proved that the caller holds its key; here it only gets the name by which the configuration knows it. And those of
// the authorities of other servers, which libcurl reads for each connection.
#pragma once

#include <string>
#include <string_view>

namespace proctor::auth {

// SHA-256 of the certificate in lower-case hex; empty when the text is no percent-encoded PEM certificate.
[[nodiscard]] std::string fingerprint_of(std::string_view escaped_pem);

// Whether OpenSSL, and so libcurl, can trust what is in this PEM file: it can be read, holds a certificate and is
// whole.
[[nodiscard]] bool holds_certificates(const std::string& file);

}  // namespace proctor::auth
