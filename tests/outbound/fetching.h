// A CurlFetcher that trusts test certificates and finds ehr.example on this machine.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "outbound/certificate.h"
#include "outbound/curl_fetcher.h"
#include "outbound/fake_resolver.h"
#include "outbound/tls_server.h"
#include "support/manual_clock.h"

namespace proctor::outbound {

inline const Certificate& good_certificate() {
    static const Certificate made = make_certificate("DNS:ehr.example");
    return made;
}
inline const Certificate& expired_certificate() {
    static const Certificate made = make_certificate("DNS:ehr.example", "20010101000000Z");
    return made;
}
inline const Certificate& other_hosts_certificate() {
    static const Certificate made = make_certificate("DNS:other.example");
    return made;
}

class FetchingTest : public testing::Test {
protected:
    FetchingTest() {
        std::ofstream(ca_file_) << pem(good_certificate()) << pem(expired_certificate())
                                << pem(other_hosts_certificate());
        resolver_.answer("ehr.example", {addresses({"127.0.0.1"})});
        fetcher_ = std::make_unique<CurlFetcher>(resolver_, clock_, ca_file_);
    }
    ~FetchingTest() override { std::filesystem::remove(ca_file_); }

    static SteadyTime in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }
    // Far more than any answer takes.
    static SteadyTime late() { return in(std::chrono::seconds(60)); }

    static Get inside(const TlsServer& server, const std::string& path) {
        Get get;
        get.url = "https://ehr.example:" + std::to_string(server.port()) + path;
        get.bearer = "secret-token";
        get.body_bytes = 1000;
        get.private_address = true;
        return get;
    }
    Fetched fetch(const Get& get, SteadyTime deadline) { return fetcher_->get({get}, deadline).front(); }

    // "ok BODY", or the failure's word.
    static std::string word(const Fetched& fetched) {
        const auto* reply = std::get_if<Reply>(&fetched);
        return reply != nullptr ? "ok " + reply->body : std::string(print(std::get<Failure>(fetched)));
    }

    std::string ca_file_ = testing::TempDir() + "proctor-ca-" + std::to_string(::getpid()) + ".pem";
    ManualClock clock_;
    FakeResolver resolver_;
    std::unique_ptr<CurlFetcher> fetcher_;
};

}  // namespace proctor::outbound
