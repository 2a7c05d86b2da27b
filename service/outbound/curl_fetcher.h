// Outbound over libcurl, by these rules: checked URL, checked addresses and a connection to those alone; no redirects,
// proxies, cookies or compression; TLS 1.2 or newer with the peer verified; heads and bodies bounded; a server that
// keeps failing is left alone. It logs nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "outbound/breaker.h"
#include "outbound/curl_loop.h"
#include "outbound/fetcher.h"
#include "outbound/resolver.h"

namespace proctor::outbound {

class CurlFetcher final : public Outbound {
public:
    // Resolver and clock outlive the fetcher. `ca_file`: PEM certificates that are trusted instead of the system's;
    // empty: the system's. One that cannot be read makes every call fail with tls.
    CurlFetcher(Resolver& resolver, const Clock& clock, std::string ca_file = {});

    // Names are resolved in the calling thread, one after the other: a call is best to one host. Every bearer token
    // that was copied on the way is wiped; the caller's is the caller's, and libcurl's send buffers are out of reach.
    [[nodiscard]] std::vector<Fetched> get(const std::vector<Get>& requests, SteadyTime deadline) override;

    // What is left alone at present: "BASE for CLIENT", and URLs of key sets.
    [[nodiscard]] std::vector<std::string> open_circuits() const { return breaker_.open(); }

private:
    // What is known once for all requests of a call.
    struct Call {
        std::map<std::string, Resolved> names;
        std::map<std::string, bool> admitted;  // by server
        std::vector<std::string> asked;        // by request: its server, when that is what failed or answers
    };
    // Nothing: it is under way.
    [[nodiscard]] std::optional<Failure> start(const Get& request, Destination to, Call& call);
    [[nodiscard]] bool admit(const std::string& server, Call& call);
    [[nodiscard]] const Resolved& addresses_of(const std::string& host, SteadyTime deadline, Call& call);
    void record(const Call& call, const std::vector<Fetched>& answers);

    Resolver& resolver_;
    const std::string ca_file_;
    Breaker breaker_;
    CurlLoop loop_;
};

}  // namespace proctor::outbound
