#include "outbound/transfer.h"

#include <sys/socket.h>

#include <cstring>
#include <new>

#include "base/wiped.h"

namespace proctor::outbound {
namespace {

Failure meaning(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST: return Failure::unresolved;
        case CURLE_COULDNT_CONNECT: return Failure::connect;
        case CURLE_OPERATION_TIMEDOUT: return Failure::timeout;
        case CURLE_FILESIZE_EXCEEDED:
        case CURLE_OUT_OF_MEMORY: return Failure::too_large;  // also a header line of 100 kB
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_ENGINE_INITFAILED: return Failure::tls;
        default: return Failure::protocol;
    }
}

// "ehr.example:443:203.0.113.5,[2001:db8::5]" for CURLOPT_RESOLVE.
std::string pin(const Url& url, const std::vector<Address>& addresses) {
    std::string text = url.host + ':' + std::to_string(url.port);
    char separator = ':';
    for (const auto& address : addresses) {
        text += separator;
        text += address.v6 ? '[' + print(address) + ']' : print(address);
        separator = ',';
    }
    return text;
}

}  // namespace

void Transfer::FreeList::operator()(curl_slist* list) const {
    for (const auto* line = list; line != nullptr; line = line->next)
        explicit_bzero(line->data, std::strlen(line->data));
    curl_slist_free_all(list);
}

Transfer::Transfer(const Get& request, const Url& url, const std::vector<Address>& addresses,
                   const std::string& ca_file, Destination to)
    : to_(std::move(to)),
      body_bytes_(request.body_bytes),
      private_address_(request.private_address),
      easy_(curl_easy_init()) {
    ready_ = easy_ != nullptr;
    set_request(request, url, addresses);
    set_rules(ca_file);
    set_callbacks();
}

Transfer::~Transfer() = default;

// Value is exactly what libcurl reads: a long, a curl_off_t or a pointer.
template <typename Value>
void Transfer::set(CURLoption option, Value value) {
    ready_ = ready_ && curl_easy_setopt(easy_.get(), option, value) == CURLE_OK;
}

void Transfer::append(List& list, const std::string& line) {
    auto* longer = curl_slist_append(list.get(), line.c_str());
    ready_ = ready_ && longer != nullptr;
    if (longer == nullptr) return;
    static_cast<void>(list.release());
    list.reset(longer);
}

void Transfer::set_request(const Get& request, const Url& url, const std::vector<Address>& addresses) {
    append(headers_, "Accept: " + request.accept);
    append(headers_, "Accept-Encoding: identity");
    if (!request.traceparent.empty()) append(headers_, "traceparent: " + request.traceparent);
    if (!request.bearer.empty()) {
        std::string line = "Authorization: Bearer " + request.bearer;
        append(headers_, line);
        explicit_bzero(line.data(), line.size());
    }
    set(CURLOPT_URL, print(url).c_str());
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_USERAGENT, "proctor");
    set(CURLOPT_HTTPHEADER, headers_.get());
    if (url.host.front() == '[') return;  // an address already, which CURLOPT_RESOLVE cannot read
    append(pins_, pin(url, addresses));
    set(CURLOPT_RESOLVE, pins_.get());
}

void Transfer::set_rules(const std::string& ca_file) {
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_NOSIGNAL, 1L);
    // One connection a request at a time: no frames, windows and compressed heads to be attacked with.
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    // With a file alone libcurl reads the certificates once and not for every connection.
    set<const char*>(CURLOPT_CAPATH, nullptr);
    if (!ca_file.empty()) set(CURLOPT_CAINFO, ca_file.c_str());
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(body_bytes_));
}

void Transfer::set_callbacks() {
    set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_PREREQFUNCTION, &before_request);
    set(CURLOPT_PREREQDATA, this);
    set(CURLOPT_HEADERFUNCTION, &on_head);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, this);
}

void Transfer::finish(CURLcode code) {
    if (failure_) return finish(*failure_);
    if (code != CURLE_OK) return finish(meaning(code));
    if (!accepted_) return finish(Failure::protocol);
    reply_.max_age = head_.max_age();
    to_.batch->set(to_.place, std::move(reply_));
}

std::size_t Transfer::cut(Failure failure) {
    if (!failure_) failure_ = failure;
    return 0;
}

// Only addresses that were checked come here; this is the second check, at the last moment before a connection.
curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    const auto to = read_address(address->addr);
    if (!to || !may_call(*to, transfer.private_address_)) {
        transfer.cut(Failure::address);
        return CURL_SOCKET_BAD;
    }
    transfer.to_.batch->begin(transfer.to_.place);
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// A connection that is used again was made for another request, which may have been allowed more.
int Transfer::before_request(void* self, char* remote, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.to_.batch->begin(transfer.to_.place);
    try {
        const auto to = parse_address(remote);
        if (to && may_call(*to, transfer.private_address_)) return CURL_PREREQFUNC_OK;
    } catch (const std::bad_alloc&) {  // through libcurl nothing may be thrown
    }
    transfer.cut(Failure::address);
    return CURL_PREREQFUNC_ABORT;
}

std::size_t Transfer::on_head(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->take_head({data, size * count});
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->take_body({data, size * count});
}

std::size_t Transfer::take_head(std::string_view line) {
    if (const auto failure = head_.add(line)) return cut(*failure);
    const bool end = line == "\r\n" || line == "\n";
    if (!end || accepted_) return line.size();  // a trailer is counted and not read
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status < 200) {
        head_.start_again();
        return line.size();
    }
    if (const auto failure = head_.judge(status)) return cut(*failure);
    accepted_ = true;
    return line.size();
}

std::size_t Transfer::take_body(std::string_view part) {
    if (!accepted_) return cut(Failure::protocol);
    if (part.size() > body_bytes_ - reply_.body.size()) return cut(Failure::too_large);
    try {
        make_room(reply_.body, part.size());
        reply_.body.append(part);
    } catch (const std::bad_alloc&) {  // must not pass through libcurl
        return cut(Failure::too_large);
    }
    return part.size();
}

}  // namespace proctor::outbound
