// proctor serve
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <functional>
#include <iostream>
#include <new>
#include <optional>
#include <system_error>

#include "app/audit.h"
#include "app/commands.h"
#include "app/config.h"
#include "app/console_server.h"
#include "app/feedback.h"
#include "app/files.h"
#include "app/gate.h"
#include "app/memory.h"
#include "app/metrics_handler.h"
#include "app/readings.h"
#include "app/retention.h"
#include "app/routes.h"
#include "app/servers.h"
#include "app/startup.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "outbound/curl_fetcher.h"
#include "outbound/system_resolver.h"
#include "watch/metrics.h"
#include "watch/tee.h"

namespace proctor::app {
namespace {

struct Options {
    std::string config, as_of;
    bool demo = false;
};

constexpr const char* k_banner =
    "------------------------------------------------------------------------------\n"
    " DEMONSTRATION. No authentication, every browser origin, content that no\n"
    " clinician has approved. Loopback only. Not for patients.\n"
    "------------------------------------------------------------------------------\n";

// Blocked here and inherited by every thread, so that only sigwait() below takes them.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

// Memory holds charts; it must not land on a disk.
void forbid_core_dumps() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

Result<Config> configure(const Options& options) {
    if (!options.as_of.empty() && !options.demo)
        return Error{"is for --demo only: live patients are judged by the real time", "--as-of"};
    if (options.config.empty() && !options.demo)
        return Error{"a configuration is required, see deploy/proctor.json", "--config"};
    if (geteuid() == 0 && !options.demo) return Error{"the service does not run as root", ""};
    if (options.config.empty()) return settle(Config{}, options.demo);
    if (auto safe = check_permissions(options.config); !safe) return safe.error();
    auto config = read_config(options.config);
    if (config)
        if (auto fine = check_ca_file(config->ca_file); !fine) return fine.error();
    return config ? settle(std::move(config).value(), options.demo) : config;
}

Result<Engines> load_anew(const Config& config, Gate* gate, Feedback* feedback, std::string_view& step) {
    try {
        step = "keys";
        if (gate != nullptr)
            if (auto read = gate->reload(); !read) return read.error();
        if (feedback != nullptr)
            if (auto read = feedback->reload(); !read) return read.error();
        std::vector<std::string> unused;  // said at the start and by `proctor check`
        return load_for_service(config, step, unused);
    } catch (const std::bad_alloc&) {
        step = "memory";
    } catch (const std::exception&) {  // of a library, in this step
    }
    return Error{};
}

// Keys first, each file as a whole; then everything that answers, which is read, compiled and checked before it answers
// anybody. What fails changes nothing, nor does what would follow it.
void reload(const Config& config, Live& live, Gate* gate, Feedback* feedback, Log& log) {
    std::string_view step;
    auto engines = load_anew(config, gate, feedback, step);
    if (engines) {
        live.replace(std::move(*engines));
    } else {
        live.refuse(step);
    }
    const auto serving = live.serving();
    LogFields fields;
    fields.content = serving->content().revision;
    fields.reason = engines ? (serving->content().manifest.approved ? "approved" : "unapproved") : step;
    if (!engines) fields.where = engines.error().where;
    log.write(engines ? Event::reloaded : Event::reload_refused, fields);
}

Keep keep_of(const Config& config) {
    return {std::chrono::days{config.feedback_days}, std::chrono::days{config.comment_days}};
}

// SIGHUP reloads; returns with any other.
void handle_signals(const sigset_t& signals, const std::function<void()>& on_hangup) {
    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) on_hangup();
}

// What serves, and what goes on beside it: each of these ends it, and says whether it ended within that time.
struct Running {
    Servers& servers;
    HealthCheck& health;
    Log& log;
    std::vector<std::function<bool(std::chrono::milliseconds)>> beside{};
};

// Requests in flight are answered; nothing goes on afterwards, so nothing is told after the stop. False: not in time.
bool stop(const Running& running) {
    constexpr std::chrono::milliseconds k_at_once{0};
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(limits::k_drain_seconds);
    const auto left = [&] {
        return std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    };
    for (const auto& end : running.beside) (void)end(k_at_once);
    const auto ended = [&](const auto& end) { return end(std::max(left(), k_at_once)); };
    return running.servers.stop(left()) && std::all_of(running.beside.begin(), running.beside.end(), ended);
}

// Until a signal, or until a listener broke. False: it broke.
bool serve_until_signal(const Running& running, const std::function<void()>& wait) {
    auto& [servers, health, log, beside] = running;
    servers.start([main_thread = pthread_self()] { pthread_kill(main_thread, SIGTERM); });
    wait();
    health.begin_to_stop();
    log.write(Event::stopping, {});
    if (!stop(running)) {
        LogFields fields;
        fields.reason = "deadline";
        log.write(Event::stopped, fields);
        std::_Exit(static_cast<int>(Exit::ok));  // a peer that does not read cannot hold us
    }
    log.write(servers.broken() ? Event::listener_failed : Event::stopped, {});
    return !servers.broken();
}

Result<Engines> load_at_start(const Config& config) {
    std::string_view step;
    std::vector<std::string> warnings;
    auto engines = load_for_service(config, step, warnings);
    print_warnings(warnings);
    return engines;
}

Exit serve(const Config& config, const Clock& clock) {
    auto engines = load_at_start(config);
    if (!engines) return fail(engines.error(), Exit::could_not_start);
    const auto lines = log_to_descriptor(STDERR_FILENO);
    watch::Metrics metrics;
    SystemEntropy entropy;
    ConsoleServer console(clock, entropy);
    const auto signals = block_signals();
    const auto audit = open_audit(config, clock);
    if (!audit) return fail(audit.error(), Exit::could_not_start);
    const bool with_console = config.console.port != 0;
    std::vector<Log*> logs{lines.get()};
    if (config.metrics_port != 0) logs.push_back(&metrics);
    if (with_console) logs.push_back(&console.figures());
    if (*audit) logs.push_back(audit->get());
    watch::Tee log(std::move(logs));
    outbound::SystemResolver resolver(clock);
    outbound::CurlFetcher fetcher(resolver, clock, config.ca_file.string());
    std::unique_ptr<Gate> gate;
    if (!config.site.settings.demo) {
        auto opened = Gate::open(config, fetcher, clock, log);
        if (!opened) return fail(opened.error(), Exit::could_not_start);
        gate = std::move(opened).value();
    }
    const auto feedback = Feedback::open(config, clock, entropy);
    if (!feedback) return fail(feedback.error(), Exit::could_not_start);
    Live live(std::move(*engines), config.clients, clock);
    Routes routes({live, config, clock, log, gate.get(), gate ? &fetcher : nullptr, feedback->get(), &entropy,
                   audit->get(), with_console ? &console.lost_codes() : nullptr});
    MetricsHandler for_operators(routes.health(), [&, started = clock.now()] {
        return metrics.print(readings_of(routes.health().look(), started, lines->dropped()));
    });
    Servers servers;
    auto bound = servers.add(routes, {config.socket, config.port, config.threads, config.queue});
    if (bound) bound = console.add_to(servers, {live, config, routes.health(), feedback->get()}, log);
    // The last: it says that the service is stopping until the others have stopped.
    if (bound && config.metrics_port != 0)
        bound =
            servers.add(for_operators, {"", config.metrics_port, limits::k_metrics_threads, limits::k_metrics_queue});
    if (!bound) return fail(bound.error(), Exit::could_not_start);
    if (config.site.settings.demo) std::cerr << k_banner;
    if (config.port != 0) std::cerr << "http://127.0.0.1:" << config.port << "/cds-services\n";
    const auto serving = live.serving();
    LogFields fields;
    fields.content = serving->content().revision;
    fields.reason = serving->content().manifest.approved ? "approved" : "unapproved";
    log.write(Event::started, fields);
    std::optional<Retention> retention;
    if (*feedback) retention.emplace((*feedback)->store(), keep_of(config), clock, log);
    const auto on_hangup = [&] {
        if (*audit) (void)(*audit)->reopen();  // health says if it fails
        reload(config, live, gate.get(), feedback->get(), log);
    };
    const auto wait = [&] { handle_signals(signals, on_hangup); };
    Running running{servers, routes.health(), log};
    if (gate) running.beside.emplace_back([&](auto time) { return gate->end(time); });
    if (retention) running.beside.emplace_back([&](auto time) { return retention->end(time); });
    return serve_until_signal(running, wait) ? Exit::ok : Exit::failed;
}

Exit run(const Options& options) {
    forbid_core_dumps();
    manage_memory();
    auto config = configure(options);
    if (!config) return fail(config.error(), Exit::could_not_start);
    if (options.as_of.empty()) return serve(*config, SystemClock());
    auto now = read_as_of(options.as_of);
    if (!now) return fail(now.error(), Exit::usage);
    return serve(*config, FixedClock(*now));
}

// Threads and memory that the system refuses are only known by exceptions.
Exit run_or_say_why(const Options& options) {
    try {
        return run(options);
    } catch (const std::system_error&) {
        return fail({"the system gives no further thread; its limit for this user or unit is too low", ""},
                    Exit::could_not_start);
    } catch (const std::bad_alloc&) {
        return fail({"the system gives no further memory", ""}, Exit::could_not_start);
    }
}

}  // namespace

void add_serve(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("serve", "Answers CDS Hooks requests on a Unix socket behind nginx");
    command->add_option("--config", options->config, "Configuration file; deploy/proctor.json explains every member");
    command->add_flag("--demo", options->demo,
                      "A demonstration: loopback, no approval or authentication needed, never for patients");
    command->add_option("--as-of", options->as_of,
                        "With --demo: answer as if it were this instant, such as 2026-06-15T12:00:00Z");
    command->footer(
        "SIGTERM: takes no further requests, is not ready, finishes those in flight (at most 5 s), exit code 0.\n"
        "SIGHUP: reloads rules, code maps and key files; when they are broken the old ones stay, and the log and\n"
        "/health/ready say so. Goes on in a new audit log when the old one was renamed.\n"
        "Exit code 3, with the reason on standard error, when it cannot start.");
    command->callback([options, &exit] { exit = run_or_say_why(*options); });
}

}  // namespace proctor::app
