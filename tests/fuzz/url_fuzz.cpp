// Any bytes as a URL and as one below it: what is taken is read the same again, libcurl reads the same host and port in
// it, and what is below another URL shares its host and path.
#include <curl/curl.h>

#include <memory>
#include <string>

#include "fuzz/input.h"
#include "outbound/address.h"
#include "outbound/url.h"

using namespace proctor::fuzz;

namespace {

using proctor::outbound::Url;

std::string part(CURLU* url, CURLUPart what) {
    char* text = nullptr;
    require(curl_url_get(url, what, &text, CURLU_DEFAULT_PORT) == CURLUE_OK);
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
    return text;
}

void compare_with_libcurl(const std::string& text, const Url& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> theirs(curl_url(), curl_url_cleanup);
    require(curl_url_set(theirs.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS) == CURLUE_OK);
    require(part(theirs.get(), CURLUPART_HOST) == url.host);
    require(part(theirs.get(), CURLUPART_PORT) == std::to_string(url.port));
    require(part(theirs.get(), CURLUPART_PATH) == url.path);
}

void check_one(const std::string& text) {
    const auto url = proctor::outbound::parse_url(text);
    if (!url) return;
    const std::string printed = print(*url);
    require(proctor::outbound::parse_url(printed) == url);
    require(is_below(*url, *url));
    compare_with_libcurl(printed, *url);
}

void check_below(const std::string& base_text, const std::string& text) {
    const auto base = proctor::outbound::parse_url(base_text);
    const auto url = proctor::outbound::parse_url(text);
    if (!base || !url || !is_below(*base, *url)) return;
    require(origin(*base) == origin(*url));
    require((url->path + '/').find("/../") == std::string::npos);
}

}  // namespace

// The input is one URL, or two with a line feed between them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input = text_of(data, size);
    const auto [first, second] = split_line(input);
    check_one(first);
    check_one(second);
    check_below(first, second);
    check_below(first, first + second);
    const std::string encoded = proctor::outbound::percent_encode(input);
    require(proctor::outbound::parse_url("https://a/?b=" + encoded).has_value() || input.size() > 2000);
    static_cast<void>(proctor::outbound::parse_address(input));
    return 0;
}
