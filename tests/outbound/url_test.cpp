#include "outbound/url.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"

namespace proctor::outbound::url_test {
namespace {

TEST(Url, HasHostPortPathAndQuery) {
    const auto url = parse_url("https://EHR.Example:8443/fhir/R4/Patient/p-1?_sort=-date&code=a%7Cb|c");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "ehr.example");
    EXPECT_EQ(url->port, 8443);
    EXPECT_EQ(url->path, "/fhir/R4/Patient/p-1");
    EXPECT_EQ(url->query, "?_sort=-date&code=a%7Cb|c");
    EXPECT_EQ(origin(*url), "https://ehr.example:8443");
    EXPECT_EQ(print(*url), "https://ehr.example:8443/fhir/R4/Patient/p-1?_sort=-date&code=a%7Cb|c");
}

TEST(Url, PrintIsItsOwnInverse) {
    for (const char* text : {"https://ehr.example", "https://ehr.example/", "https://ehr.example?a=b", "https://ehr",
                             "https://192.0.2.7/x", "https://[2001:db8::7]:1/x", "https://[2001:DB8::7]",
                             "https://xn--4ca.example/", "https://a.b:65535//c;d=1/"}) {
        const auto url = parse_url(text);
        ASSERT_TRUE(url) << text;
        EXPECT_EQ(parse_url(print(*url)), url) << text;
    }
    EXPECT_EQ(print(*parse_url("https://ehr.example?a=b")), "https://ehr.example:443/?a=b");
}

void expect_refused(const std::vector<std::string>& texts) {
    for (const auto& text : texts) EXPECT_FALSE(parse_url(text)) << text;
}

TEST(Url, IsHttpsWithAHost) {
    expect_refused({"", "ehr.example", "//ehr.example/", "http://ehr.example/", "HTTPS://ehr.example/",
                    "https:/ehr.example/", "https:ehr.example", "file:///etc/passwd", "gopher://ehr.example/",
                    "https://", "https:///fhir", "https://?a", "https://:443/", " https://ehr.example",
                    "https://ehr.example "});
}

TEST(Url, HasNoUserInformationFragmentOrBackslash) {
    expect_refused({"https://ehr.example@evil.example/", "https://a:b@ehr.example/", "https://@ehr.example/",
                    "https://ehr.example/#x", "https://ehr.example#@evil.example/",
                    "https://ehr.example\\@evil.example/", "https://ehr.example\\.evil.example/",
                    "https:\\\\ehr.example/", "https://ehr.example/a\\b"});
}

TEST(Url, NamesAreOfLettersDigitsAndHyphens) {
    expect_refused({"https://ehr.example./", "https://.ehr.example/", "https://ehr..example/", "https://-ehr.example/",
                    "https://ehr-.example/", "https://ehr_1.example/", "https://ehr%2eexample/",
                    "https://%65hr.example/", "https://ehr.ex\xc3\xa4mple/",
                    "https://ehr\xe3\x80\x82"
                    "example/",
                    std::string("https://ehr.example\0.evil.example/", 34), "https://ehr.exam\tple/"});
    const std::string label(63, 'a');
    EXPECT_TRUE(parse_url("https://" + label + ".example/"));
    EXPECT_FALSE(parse_url("https://a" + label + ".example/"));
    const std::string name = label + '.' + label + '.' + label + '.';
    EXPECT_TRUE(parse_url("https://" + name + std::string(61, 'a')));
    EXPECT_FALSE(parse_url("https://" + name + std::string(62, 'a')));
}

TEST(Url, NumbersAreFourDecimalsOrCanonicalIpv6) {
    expect_refused({"https://0x7f.1/", "https://0x7f000001/", "https://2130706433/", "https://127.1/",
                    "https://0177.0.0.1/", "https://127.0.0.01/", "https://127.0.0.1./", "https://127.0.0.0x1/",
                    "https://1.2.3.4.5/", "https://256.1.1.1/", "https://a.127/", "https://3com/"});
    expect_refused({"https://[::ffff:7f00:1]/", "https://[0:0:0:0:0:0:0:1]/", "https://[::1%25eth0]/",
                    "https://[::1]a/", "https://::1/", "https://[::1/", "https://[127.0.0.1]/",
                    "https://[ehr.example]/", "https://[]/", "https://a[::1]/", "https://[[::1]]/"});
}

TEST(Url, PortsArePlainNumbers) {
    EXPECT_TRUE(parse_url("https://ehr.example:1/"));
    EXPECT_TRUE(parse_url("https://ehr.example:65535/"));
    expect_refused({"https://ehr.example:/", "https://ehr.example:0/", "https://ehr.example:0443/",
                    "https://ehr.example:65536/", "https://ehr.example:+443/", "https://ehr.example:-1/",
                    "https://ehr.example:44 3/", "https://ehr.example:443:443/", "https://[::1]:/"});
}

TEST(Url, PathAndQueryArePrintableAndEncodedWell) {
    expect_refused({"https://ehr.example/a b", "https://ehr.example/a\r\nHost: evil", "https://ehr.example/%",
                    "https://ehr.example/%4", "https://ehr.example/%zz", "https://ehr.example/%+1",
                    "https://ehr.example/?a=%0", "https://ehr.example/?a=<b>", "https://ehr.example/?a=\"b\"",
                    "https://ehr.example/\x7f", "https://ehr.example/\xc3\xa4", "https://ehr.example/a%0d%0ab",
                    "https://ehr.example/a%00", "https://ehr.example/a%7f", "https://ehr.example/a|b"});
}

TEST(Url, RefusesPathsThatLeadElsewhere) {
    for (const char* path : {"/fhir/../admin", "/fhir/..", "/./x", "/fhir/%2e%2e/admin", "/fhir/%2E./x", "/fhir/.%2e",
                             "/fhir/..%2fadmin", "/fhir/%5c..%5cadmin", "/fhir/%252e%252e/x", "/fhir/..;a=b/admin",
                             "/fhir/.;/x", "/fhir/a%3fb", "/fhir/a%23b", "/fhir/..%3b/x"}) {
        EXPECT_FALSE(parse_url(std::string("https://ehr.example") + path)) << path;
    }
    for (const char* path : {"/fhir/...", "/fhir/..a", "/fhir/a..b", "/fhir/.well-known/x", "/fhir/a%20b"}) {
        EXPECT_TRUE(parse_url(std::string("https://ehr.example") + path)) << path;
    }
}

TEST(Url, IsTakenAtItsLengthLimitAndRefusedAboveIt) {
    const std::string start = "https://ehr.example/";
    EXPECT_TRUE(parse_url(start + std::string(limits::k_url_bytes - start.size(), 'a')));
    EXPECT_FALSE(parse_url(start + std::string(limits::k_url_bytes + 1 - start.size(), 'a')));
}

TEST(IsBelow, KeepsHostPortAndSegments) {
    const struct {
        const char* base;
        const char* url;
        bool below;
    } rows[] = {
        {"https://ehr.example/fhir", "https://ehr.example/fhir", true},
        {"https://ehr.example/fhir", "https://ehr.example:443/fhir/Patient/1", true},
        {"https://ehr.example/fhir/", "https://ehr.example/fhir/Patient?_count=1", true},
        {"https://ehr.example/fhir/", "https://ehr.example/fhir?_getpages=1", true},
        {"https://ehr.example", "https://EHR.example/anything", true},
        {"https://ehr.example/fhir", "https://ehr.example/fhirs", false},
        {"https://ehr.example/fhir", "https://ehr.example/fhir.evil", false},
        {"https://ehr.example/fhir", "https://ehr.example/FHIR/Patient/1", false},
        {"https://ehr.example/fhir", "https://ehr.example/", false},
        {"https://ehr.example/fhir", "https://ehr.example:8443/fhir", false},
        {"https://ehr.example/fhir", "https://ehr.example.evil.com/fhir", false},
        {"https://ehr.example/fhir", "https://evil.ehr.example/fhir", false},
        {"https://ehr.example/fhir", "https://xehr.example/fhir", false},
    };
    for (const auto& row : rows) {
        const auto base = parse_url(row.base);
        const auto url = parse_url(row.url);
        ASSERT_TRUE(base && url) << row.url;
        EXPECT_EQ(is_below(*base, *url), row.below) << row.base << ' ' << row.url;
    }
}

TEST(IsBelow, SeesDotSegmentsInUrlsThatWereNotParsed) {
    const Url base{"ehr.example", 443, "/fhir", ""};
    for (const char* path : {"/fhir/../admin", "/fhir/%2e%2e/admin", "/fhir/..;/admin", "/fhir/..%2fadmin"}) {
        EXPECT_FALSE(is_below(base, Url{"ehr.example", 443, path, ""})) << path;
    }
}

TEST(PercentEncode, KeepsUnreservedCharactersAlone) {
    EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
    EXPECT_EQ(percent_encode("http://loinc.org|1 +&=?#%"), "http%3A%2F%2Floinc.org%7C1%20%2B%26%3D%3F%23%25");
    EXPECT_EQ(percent_encode(std::string("\0\r\n\xc3\xa4", 5)), "%00%0D%0A%C3%A4");
}

}  // namespace
}  // namespace proctor::outbound::url_test
