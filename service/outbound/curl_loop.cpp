#include "outbound/curl_loop.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iterator>
#include <new>

#include "base/limits.h"

namespace proctor::outbound {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Should a wake-up be lost, as when the process had no file descriptors left for it.
constexpr milliseconds k_longest_wait(1000);

// OpenSSL writes to connections that the peer has reset, and libcurl told not to touch signals does not catch what that
// raises. It goes to the thread that wrote.
void block_broken_pipe() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

CurlLoop::CurlLoop() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::bad_alloc();
    multi_.reset(curl_multi_init());
    if (!multi_) throw std::bad_alloc();
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, limits::k_sockets_per_host);
    thread_ = std::thread([this] { run(); });
}

CurlLoop::~CurlLoop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        curl_multi_wakeup(multi_.get());  // still there, since the thread has to see stopping_ first
    }
    thread_.join();
    curl_global_cleanup();
}

void CurlLoop::start(std::list<Transfer> transfer) {
    {
        const std::lock_guard lock(mutex_);
        incoming_.splice(incoming_.end(), transfer);
    }
    curl_multi_wakeup(multi_.get());
}

void CurlLoop::run() {
    block_broken_pipe();
    while (take_new()) {
        int running = 0;
        curl_multi_perform(multi_.get(), &running);
        finish_done();
        give_up_late();
        curl_multi_poll(multi_.get(), nullptr, 0, milliseconds_to_wait(), nullptr);
    }
    for (auto& transfer : active_) {
        curl_multi_remove_handle(multi_.get(), transfer.handle());
        transfer.finish(Failure::timeout);
    }
    active_.clear();
    multi_.reset();  // says good-bye on idle connections
}

bool CurlLoop::take_new() {
    std::list<Transfer> taken;
    bool go_on = true;
    {
        const std::lock_guard lock(mutex_);
        taken.swap(incoming_);
        go_on = !stopping_;
    }
    for (const auto& transfer : taken) curl_multi_add_handle(multi_.get(), transfer.handle());
    active_.splice(active_.end(), taken);
    return go_on;
}

void CurlLoop::finish_done() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        const auto done = find(message->easy_handle);
        const CURLcode code = message->data.result;  // removing the handle frees the message
        curl_multi_remove_handle(multi_.get(), done->handle());
        done->finish(code);
        active_.erase(done);
    }
}

void CurlLoop::give_up_late() {
    const auto now = steady_clock::now();
    for (auto transfer = active_.begin(); transfer != active_.end();) {
        const auto next = std::next(transfer);
        if (now >= transfer->deadline()) {
            curl_multi_remove_handle(multi_.get(), transfer->handle());
            active_.erase(transfer);  // who waits knows as soon
        }
        transfer = next;
    }
}

int CurlLoop::milliseconds_to_wait() const {
    auto wait = k_longest_wait;
    const auto now = steady_clock::now();
    for (const auto& transfer : active_) {
        wait = std::min(wait, std::chrono::ceil<milliseconds>(transfer.deadline() - now));
    }
    return static_cast<int>(std::max(wait, milliseconds(0)).count());
}

std::list<Transfer>::iterator CurlLoop::find(const CURL* handle) {
    return std::find_if(active_.begin(), active_.end(),
                        [handle](const Transfer& transfer) { return transfer.handle() == handle; });
}

}  // namespace proctor::outbound
