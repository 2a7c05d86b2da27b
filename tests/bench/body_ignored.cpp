// The service without its work, to measure the service beside it: the same server, admission of tokens, log and
// metrics, and a handler that reads the body to its end and answers with the bytes of a file.
//   body_ignored CONFIG REPLY [--demo]     CONFIG: as of `proctor serve`; --demo: tokens are not looked at
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "app/files.h"
#include "app/gate.h"
#include "app/servers.h"
#include "app/startup.h"
#include "outbound/curl_fetcher.h"
#include "outbound/system_resolver.h"
#include "watch/metrics.h"
#include "watch/tee.h"

namespace proctor::bench {
namespace {

class BodyIgnored final : public http::Handler {
public:
    BodyIgnored(const app::Config& config, std::string reply, app::Gate* gate, const Clock& clock, Log& log)
        : config_(config), reply_(std::move(reply)), gate_(gate), clock_(clock), log_(log) {}

    http::Response answer(http::Request request) override {
        http::Response response;
        response.body = reply_;
        if (request.method == "POST" && gate_ != nullptr) {
            const auto admitted = gate_->admit(request, {config_.base_url + request.path}, clock_.now());
            if (std::holds_alternative<auth::Reason>(admitted)) response.status = 401;
        }
        return logged(std::move(response), request.body.size());
    }
    http::Response refuse(const http::Request&, http::Refused why) override {
        http::Response response;
        response.status = http::status_of(why);
        return logged(std::move(response), 0);
    }

private:
    http::Response logged(http::Response response, std::size_t body_bytes) {
        LogFields fields;
        fields.status = response.status;
        fields.body_bytes = body_bytes;
        log_.write(Event::request, fields);
        return response;
    }

    const app::Config& config_;
    const std::string reply_;
    app::Gate* gate_;
    const Clock& clock_;
    Log& log_;
};

template <typename T>
T need(Result<T> result) {
    if (result) return std::move(result).value();
    std::fprintf(stderr, "%s\n", describe(result.error()).c_str());
    std::exit(1);
}

int run(const std::string& file, const std::string& reply, bool demo) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const auto config = need(app::settle(need(app::read_config(file)), demo));
    const SystemClock clock;
    const auto lines = log_to_descriptor(STDERR_FILENO);
    watch::Metrics metrics;
    watch::Tee log({lines.get(), &metrics});
    outbound::SystemResolver resolver(clock);
    outbound::CurlFetcher fetcher(resolver, clock, config.ca_file.string());
    const auto gate = demo ? nullptr : need(app::Gate::open(config, fetcher, clock, log));
    BodyIgnored handler(config, need(app::read_text(reply, limits::k_body_bytes)), gate.get(), clock, log);
    app::Servers servers;
    if (const auto bound = servers.add(handler, {config.socket, config.port, config.threads, config.queue}); !bound) {
        std::fprintf(stderr, "%s\n", describe(bound.error()).c_str());
        return 1;
    }
    servers.start([main_thread = pthread_self()] { pthread_kill(main_thread, SIGTERM); });
    int signal = 0;
    sigwait(&signals, &signal);
    return servers.stop(std::chrono::seconds(limits::k_drain_seconds)) ? 0 : 1;
}

}  // namespace
}  // namespace proctor::bench

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    return proctor::bench::run(argv[1], argv[2], argc == 4 && std::string(argv[3]) == "--demo");
}
