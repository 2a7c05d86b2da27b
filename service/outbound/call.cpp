#include "outbound/call.h"

#include <curl/curl.h>

#include <memory>
#include <new>
#include <string_view>

#include "base/limits.h"
#include "base/text.h"

namespace proctor::outbound {
namespace {

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;
using List = std::unique_ptr<curl_slist, FreeList>;

constexpr std::string_view k_not_https = "is no https:// address";
constexpr long k_unspecified = 1;  // X509_V_ERR_UNSPECIFIED: libcurl has not come to the chain's verdict
constexpr long k_expired = 10;     // X509_V_ERR_CERT_HAS_EXPIRED

// Why the peer's certificate did not do; `verified` is OpenSSL's verdict on its chain.
std::string certificate_fault(long verified) {
    if (verified <= k_unspecified) return "its certificate is for another name than the address says";
    if (verified == k_expired) return "its certificate has expired";
    return "its certificate is not trusted: name the file of the authority that issued it as ca_file";
}

std::string words_for(CURLcode code, long verified, std::chrono::milliseconds deadline) {
    switch (code) {
        case CURLE_URL_MALFORMAT: return std::string(k_not_https);
        case CURLE_COULDNT_RESOLVE_HOST: return "the name of the host was not found";
        case CURLE_COULDNT_CONNECT: return "cannot connect: nothing listens there, or a firewall is between";
        case CURLE_OPERATION_TIMEDOUT: return "no answer within " + std::to_string(deadline.count()) + " ms";
        case CURLE_PEER_FAILED_VERIFICATION: return certificate_fault(verified);
        case CURLE_SSL_CACERT_BADFILE: return "ca_file cannot be read, or holds no certificates";
        case CURLE_SSL_CONNECT_ERROR: return "no TLS 1.2 or newer could be agreed on: is HTTPS served there?";
        case CURLE_GOT_NOTHING:
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR: return "the connection was closed before all of the answer came";
        case CURLE_WRITE_ERROR: return "the answer is longer than " + std::to_string(limits::k_reply_bytes) + " bytes";
        default: return "what answers there does not speak HTTP";
    }
}

bool is_kept(std::string_view name) {
    return name.starts_with("access-control-") || name == "retry-after" || name == "www-authenticate";
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::size_t on_head(char* data, std::size_t size, std::size_t count, void* into) try {
    auto& headers = static_cast<Answer*>(into)->headers;
    const std::string_view line(data, size * count);
    if (line.starts_with("HTTP/")) headers.clear();  // what an interim reply said
    const std::string name = lower(std::string(line.substr(0, line.find(':'))));
    if (is_kept(name) && name.size() < line.size()) headers.emplace_back(name, trimmed(line.substr(name.size() + 1)));
    return line.size();
} catch (const std::bad_alloc&) {  // must not pass through libcurl
    return 0;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* into) try {
    auto& body = static_cast<Answer*>(into)->body;
    if (body.size() + size * count > limits::k_reply_bytes) return 0;
    body.append(data, size * count);
    return size * count;
} catch (const std::bad_alloc&) {
    return 0;
}

// Sets options until one is not taken.
class Setup {
public:
    explicit Setup(CURL* easy) : easy_(easy) {}
    // Value is exactly what libcurl reads: a long, a curl_off_t or a pointer.
    template <typename Value>
    void set(CURLoption option, Value value) {
        taken_ = taken_ && curl_easy_setopt(easy_, option, value) == CURLE_OK;
    }
    [[nodiscard]] bool taken() const { return taken_; }

private:
    CURL* easy_;
    bool taken_ = true;
};

void set_rules(Setup& setup, const Call& call) {
    setup.set(CURLOPT_PROTOCOLS_STR, "https");
    setup.set(CURLOPT_FOLLOWLOCATION, 0L);
    setup.set(CURLOPT_PROXY, "");
    setup.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    setup.set(CURLOPT_NOSIGNAL, 1L);
    setup.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    setup.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    setup.set(CURLOPT_SSL_VERIFYPEER, 1L);
    setup.set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!call.ca_file.empty()) setup.set(CURLOPT_CAINFO, call.ca_file.c_str());
    setup.set(CURLOPT_TIMEOUT_MS, static_cast<long>(call.deadline.count()));
}

void set_request(Setup& setup, const Call& call, const curl_slist* headers) {
    setup.set(CURLOPT_URL, call.url.c_str());
    setup.set(CURLOPT_USERAGENT, "proctor");
    setup.set(CURLOPT_HTTPHEADER, headers);
    if (!call.body) return;
    setup.set(CURLOPT_POST, 1L);
    setup.set(CURLOPT_POSTFIELDS, call.body->c_str());
    setup.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body->size()));
}

void set_callbacks(Setup& setup, Answer& answer) {
    setup.set(CURLOPT_HEADERFUNCTION, &on_head);
    setup.set(CURLOPT_HEADERDATA, &answer);
    setup.set(CURLOPT_WRITEFUNCTION, &on_body);
    setup.set(CURLOPT_WRITEDATA, &answer);
}

List list_of(const std::vector<std::string>& lines) {
    List list(curl_slist_append(nullptr, "Expect:"));  // no pause before a long body
    for (const auto& line : lines) static_cast<void>(curl_slist_append(list.get(), line.c_str()));
    return list;
}

void read_facts(CURL* easy, Answer& answer) {
    long status = 0;
    const char* type = nullptr;
    curl_off_t microseconds = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &microseconds);
    answer.status = static_cast<int>(status);
    answer.content_type = type == nullptr ? "" : type;
    answer.time = std::chrono::round<std::chrono::milliseconds>(std::chrono::microseconds(microseconds));
}

}  // namespace

Result<Answer> call(const Call& call) {
    if (!call.url.starts_with("https://")) return Error{std::string(k_not_https), call.url};
    const Easy easy(curl_easy_init());
    if (!easy) return Error{"libcurl cannot be used", call.url};
    const List headers = list_of(call.headers);
    Answer answer;
    Setup setup(easy.get());
    set_rules(setup, call);
    set_request(setup, call, headers.get());
    set_callbacks(setup, answer);
    if (!setup.taken()) return Error{"libcurl cannot be used", call.url};
    const CURLcode code = curl_easy_perform(easy.get());
    long verified = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_SSL_VERIFYRESULT, &verified);
    if (code != CURLE_OK) return Error{words_for(code, verified, call.deadline), call.url};
    read_facts(easy.get(), answer);
    return answer;
}

}  // namespace proctor::outbound
