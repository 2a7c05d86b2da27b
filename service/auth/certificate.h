// The client certificate of mutual TLS, as nginx hands it on: $ssl_client_escaped_cert. The TLS handshake has proved
// that the caller holds its key; here it only gets the name by which the configuration knows it.
#pragma once

#include <string>
#include <string_view>

namespace proctor::auth {

// SHA-256 of the certificate in lower-case hex; empty when the text is no percent-encoded PEM certificate.
[[nodiscard]] std::string fingerprint_of(std::string_view escaped_pem);

}  // namespace proctor::auth
