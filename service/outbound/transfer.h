// One request as libcurl sees it: every option that the rules of curl_fetcher.h ask for, and the callbacks that cut a
// reply short. It knows nothing of other requests.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "outbound/batch.h"
#include "outbound/fetcher.h"
#include "outbound/reply_head.h"
#include "outbound/resolver.h"
#include "outbound/url.h"

namespace proctor::outbound {

// Where the answer goes.
struct Destination {
    std::shared_ptr<Batch> batch;
    std::size_t place = 0;
    SteadyTime deadline;
};

// Made in one thread, then used in another. libcurl holds its address.
class Transfer final {
public:
    // `request` was checked and is not referred to later; `addresses` are those of url.host, checked. `ca_file` empty:
    // the system's.
    Transfer(const Get& request, const Url& url, const std::vector<Address>& addresses, const std::string& ca_file,
             Destination to);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    // False: libcurl did not take every option, and it must not be used.
    [[nodiscard]] bool ready() const { return ready_; }
    [[nodiscard]] CURL* handle() const { return easy_.get(); }
    [[nodiscard]] SteadyTime deadline() const { return to_.deadline; }
    // libcurl is done with it.
    void finish(CURLcode code);
    // It is given up. Not in use by libcurl any more, or never was.
    void finish(Failure failure) { to_.batch->set(to_.place, failure); }

private:
    struct FreeEasy {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct FreeList {  // wipes it: a bearer token is in it
        void operator()(curl_slist* list) const;
    };
    using List = std::unique_ptr<curl_slist, FreeList>;

    template <typename Value>
    void set(CURLoption option, Value value);
    void append(List& list, const std::string& line);
    void set_request(const Get& request, const Url& url, const std::vector<Address>& addresses);
    void set_rules(const std::string& ca_file);
    void set_callbacks();
    // Remembers why; libcurl ends the transfer when a callback takes nothing.
    std::size_t cut(Failure failure);

    static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
    static int before_request(void* self, char* remote, char* local, int remote_port, int local_port);
    static std::size_t on_head(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    std::size_t take_head(std::string_view line);
    std::size_t take_body(std::string_view part);

    bool ready_ = false;
    Destination to_;
    std::size_t body_bytes_;
    bool private_address_;
    ReplyHead head_;
    bool accepted_ = false;  // the head, so that the body is wanted
    Reply reply_;
    std::optional<Failure> failure_;  // why we cut it
    List headers_, pins_;
    std::unique_ptr<CURL, FreeEasy> easy_;  // goes first: it refers to the lists
};

}  // namespace proctor::outbound
