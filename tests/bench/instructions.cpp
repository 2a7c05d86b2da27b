// What one request costs the service between its bytes and the bytes of its answer, for callgrind: the routes as
// `proctor serve --demo` has them, so without nginx, sockets and tokens. Each request of fixed_requests.h is answered
// a few times before its cost is collected, and dumped under its name. instructions.py runs it and reads the dumps.
#include <fcntl.h>
#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "app/routes.h"
#include "app/startup.h"
#include "chart.h"
#include "fixed_requests.h"
#include "watch/metrics.h"
#include "watch/tee.h"

namespace proctor::bench {
namespace {

constexpr int k_warm_up = 3;
constexpr int k_counted = 5;

// The same bytes in every run.
class Zeros final : public Entropy {
public:
    void fill(std::span<std::uint8_t> bytes) override { std::fill(bytes.begin(), bytes.end(), std::uint8_t{1}); }
};

template <typename T>
T need(Result<T> result) {
    if (result) return std::move(result).value();
    std::fprintf(stderr, "%s\n", describe(result.error()).c_str());
    std::exit(1);
}

app::Config demonstration() {
    app::Config config;
    config.port = 1;  // it is not opened
    return need(app::settle(std::move(config), true));
}

app::Engines engines(const app::Config& config) {
    std::vector<std::string> warnings;
    return {need(app::make_engine(need(rules::load_content(PROCTOR_SOURCE_DIR "/cards")), config.clients.front().site,
                                  warnings))};
}

http::Request post(const std::string& body) {
    http::Request request;
    request.method = "POST";
    request.path = "/cds-services/anorectal-alarms";
    request.host = "proctor";
    request.content_type = "application/json";
    request.remote = "127.0.0.1";
    request.body.reserve(body.size() + fhir::k_padding);  // as http/server.cpp does
    request.body = body;
    return request;
}

int run() {
    const FixedClock clock(now());
    const auto config = demonstration();
    const auto lines = log_to_descriptor(open("/dev/null", O_WRONLY));
    watch::Metrics metrics;
    watch::Tee log({lines.get(), &metrics});
    Zeros entropy;
    const app::Live live(engines(config), config.clients, clock);
    app::Routes routes({live, config, clock, log, nullptr, nullptr, nullptr, &entropy});
    const auto requests = fixed_requests();
    CALLGRIND_START_INSTRUMENTATION;  // once: it makes valgrind translate everything anew
    for (const auto& [name, body] : requests) {
        http::Response response;
        for (int i = 0; i < k_warm_up + k_counted; ++i) {
            auto request = post(body);
            if (i >= k_warm_up) CALLGRIND_TOGGLE_COLLECT;
            response = routes.answer(std::move(request));
            if (i >= k_warm_up) CALLGRIND_TOGGLE_COLLECT;
        }
        CALLGRIND_DUMP_STATS_AT(name.c_str());
        std::printf("%s\t%d\t%d\t%zu\t%zu\n", name.c_str(), k_counted, response.status, body.size(),
                    response.body.size());
        if (response.status != 200) return 1;
    }
    return 0;
}

}  // namespace
}  // namespace proctor::bench

int main() { return proctor::bench::run(); }
