#include "auth/certificate.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_folder.h"

namespace proctor::auth::certificate_test {
namespace {

// An authority of nobody, for this test alone.
constexpr const char* k_certificate = R"(-----BEGIN CERTIFICATE-----
MIIBdjCCARugAwIBAgIUXuK1WyXh3b0QiM0vTxbr3UEQae8wCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjcyMDE0NTRaGA8yMTI2MTEwMzIwMTQ1
NFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOYy
Bib5Kfn1dtvT2ntAbeFKR9FVLEXzRY0IMDBXqQ+Q3Hfp3aKDGeHsU6M944DN/m0s
yr42Qn4PUtn4nDqNweejUzBRMB0GA1UdDgQWBBQZfYO+goey4ENLRzYYX+pRa+UI
XzAfBgNVHSMEGDAWgBQZfYO+goey4ENLRzYYX+pRa+UIXzAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0kAMEYCIQDRpQTVMXoyVdGT8IUm2Cvmis+wsqUvzb0r
F3TwK1dFOwIhAOzN3sAoXo+hG7QSNMxas9FEL+yONDRK2vsZmz4FBs6y
-----END CERTIFICATE-----
)";

bool holds(const std::string& text) {
    const TempFolder folder;
    std::ofstream(folder.file("ca.pem")) << text;
    return holds_certificates(folder.file("ca.pem"));
}

TEST(Authorities, AreCertificatesInAWholeFile) {
    const std::string one = k_certificate;
    EXPECT_TRUE(holds(one));
    EXPECT_TRUE(holds("# ours\n" + one + one));
    EXPECT_FALSE(holds(""));
    EXPECT_FALSE(holds("no certificate\n"));
    EXPECT_FALSE(holds(one.substr(0, one.size() / 2)));
    EXPECT_FALSE(holds(one + one.substr(0, one.size() / 2))) << "libcurl would take none of it";
    EXPECT_FALSE(holds_certificates("/nowhere/ca.pem"));
}

}  // namespace
}  // namespace proctor::auth::certificate_test
