// The thread that libcurl runs in: many transfers at once, connections kept for the next ones, each transfer ended at
// its deadline. It knows no rules; those are the transfers'.
#pragma once

#include <curl/curl.h>

#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "outbound/transfer.h"

namespace proctor::outbound {

class CurlLoop final {
public:
    CurlLoop();
    // What is under way becomes a timeout.
    ~CurlLoop();
    CurlLoop(const CurlLoop&) = delete;
    CurlLoop& operator=(const CurlLoop&) = delete;

    // From any thread: starts the one transfer in the list, which is ready. The answer goes to its destination.
    void start(std::list<Transfer> transfer);

private:
    // Within the thread. None of these allocates on our behalf, so a full memory ends transfers and not the service.
    void run();
    [[nodiscard]] bool take_new();  // false: stop
    void finish_done();
    void give_up_late();
    [[nodiscard]] int milliseconds_to_wait() const;
    [[nodiscard]] std::list<Transfer>::iterator find(const CURL* handle);

    struct FreeMulti {
        void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
    };
    std::unique_ptr<CURLM, FreeMulti> multi_;
    std::mutex mutex_;
    std::list<Transfer> incoming_;
    bool stopping_ = false;
    std::list<Transfer> active_;  // the thread's alone
    std::thread thread_;
};

}  // namespace proctor::outbound
