#include "app/audit.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/manual_clock.h"
#include "support/temp_folder.h"

namespace proctor::app {
namespace {

// RFC 8032 section 7.1, test 2.
constexpr const char* k_secret =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
    "-----END PRIVATE KEY-----\n";
constexpr const char* k_public =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n"
    "-----END PUBLIC KEY-----\n";

class AuditKeyFile : public testing::Test {
protected:
    std::string write(const char* pem, mode_t mode) {
        std::ofstream(file_) << pem;
        ::chmod(file_.c_str(), mode);
        return file_;
    }
    static std::string error_of(const std::string& file, bool secret) {
        const auto key = read_audit_key(file, secret);
        return key ? "no error" : key.error().message;
    }

    TempFolder folder_;
    const std::string file_ = folder_.file("audit.pem");
};

TEST_F(AuditKeyFile, MustBeSecretToSignAndMayBePublicToCheck) {
    EXPECT_EQ(error_of(write(k_secret, 0600), true), "no error");
    EXPECT_EQ(error_of(write(k_secret, 0600), false), "no error");
    EXPECT_EQ(error_of(write(k_public, 0644), false), "no error");
    EXPECT_EQ(error_of(write(k_public, 0600), true), "is a public key, which cannot sign");
    for (const mode_t mode : {0640, 0604, 0660, 0602})
        EXPECT_EQ(error_of(write(k_secret, mode), true), "others than the owner may use the file; chmod 600") << mode;
    EXPECT_EQ(error_of(write("{}", 0600), true), "holds no Ed25519 key in PEM without a password");
    EXPECT_NE(error_of(folder_.file("none"), true), "no error");
}

TEST_F(AuditKeyFile, ATrailIsOpenedWhereTheConfigurationNamesOne) {
    const ManualClock clock;
    Config config;
    const auto none = open_audit(config, clock);
    ASSERT_TRUE(none.ok());
    EXPECT_EQ(*none, nullptr);
    config.audit_log = folder_.file("audit.log");
    config.audit_key = write(k_secret, 0644);
    EXPECT_FALSE(open_audit(config, clock).ok()) << "others may read its key";
    config.audit_key = write(k_secret, 0600);
    const auto opened = open_audit(config, clock);
    ASSERT_TRUE(opened.ok());
    EXPECT_FALSE((*opened)->failing());
}

}  // namespace
}  // namespace proctor::app
