// The last check of all: a transfer that was given an address it may not call does not open a socket to it.
#include "outbound/transfer.h"

#include <gtest/gtest.h>

#include "outbound/fake_resolver.h"

namespace proctor::outbound::transfer_test {
namespace {

Fetched perform(const std::string& address, bool private_address, const std::string& host = "ehr.example") {
    Get get;
    get.private_address = private_address;
    const auto batch = std::make_shared<Batch>(1);
    const Url url{host, 1, "/", ""};
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    const auto given = std::get<std::vector<Address>>(addresses({address}));
    Transfer transfer(get, url, given, "", {batch, 0, deadline});
    EXPECT_TRUE(transfer.ready());
    transfer.finish(curl_easy_perform(transfer.handle()));
    return batch->await(deadline).front();
}

TEST(Transfer, OpensNoSocketToAnAddressThatItMayNotCall) {
    for (const char* address : {"127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "fe80::1"}) {
        EXPECT_EQ(perform(address, false), Fetched(Failure::address)) << address;
    }
    EXPECT_EQ(perform("169.254.169.254", true), Fetched(Failure::address));
    EXPECT_EQ(perform("127.0.0.1", true), Fetched(Failure::connect));
}

TEST(Transfer, GoesToTheAddressThatStandsInTheUrl) {
    EXPECT_EQ(perform("127.0.0.1", true, "127.0.0.1"), Fetched(Failure::connect));
    EXPECT_EQ(perform("::1", true, "[::1]"), Fetched(Failure::connect));
    EXPECT_EQ(perform("::1", false, "[::1]"), Fetched(Failure::address));
}

}  // namespace
}  // namespace proctor::outbound::transfer_test
