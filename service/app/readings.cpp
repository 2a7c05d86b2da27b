#include "app/readings.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace proctor::app {
namespace {

using watch::Reading;
using Labels = decltype(Reading::labels);

Reading flag(std::string name, std::string help, bool on, Labels labels = {}) {
    return {std::move(name), std::move(help), std::move(labels), on ? 1.0 : 0.0};
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void add_memory(std::vector<Reading>& all) {
    std::ifstream file("/proc/self/statm");
    double size = 0, resident = 0;  // pages
    if (file >> size >> resident) {
        all.push_back({"process_resident_memory_bytes",
                       "Memory in use",
                       {},
                       resident * static_cast<double>(::sysconf(_SC_PAGESIZE))});
    }
}

void add_descriptors(std::vector<Reading>& all) {
    std::error_code failed;
    std::filesystem::directory_iterator entry("/proc/self/fd", failed);
    double open = -1;  // the one that is looked with
    for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) ++open;
    if (!failed) all.push_back({"process_open_fds", "Open file descriptors", {}, open});
}

void add_processor_time(std::vector<Reading>& all) {
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) != 0) return;
    all.push_back(
        {"process_cpu_seconds_total", "Processor time", {}, seconds(used.ru_utime) + seconds(used.ru_stime), true});
}

void add_program(const Health& health, std::vector<Reading>& all) {
    const auto& content = health.serving->content();
    all = {
        flag("proctor_build_info", "Version of the program", true, {{"version", PROCTOR_VERSION}}),
        flag("proctor_content_info", "The rules that answer", true,
             {{"name", content.manifest.name},
              {"version", content.manifest.version},
              {"revision", content.revision},
              {"approved", content.manifest.approved ? "true" : "false"}}),
        flag("proctor_content_refused", "Rules that came later were refused", !health.serving->refused.empty()),
        flag("proctor_clock_behind", "The clock is earlier than at the start: tokens are refused", health.clock_behind),
        flag("proctor_stopping", "No further requests are taken", health.stopping),
    };
}

void add_state(const Health& health, std::vector<Reading>& all) {
    for (const auto& [client, state] : health.keys) {
        all.push_back(flag("proctor_keys_stale", "The client's key set is past its lifetime, or there is none",
                           state != auth::KeyState::fresh, {{"client", client}}));
    }
    if (health.replay_away) {
        all.push_back(
            flag("proctor_replay_store_away", "Used tokens are remembered in memory alone", *health.replay_away));
    }
    if (health.audit_failing) {
        all.push_back(
            flag("proctor_audit_log_failing", "Events are missing from the audit trail's file", *health.audit_failing));
    }
    if (health.feedback) {
        using store::StoreState;
        all.push_back(
            flag("proctor_feedback_store_away", "No feedback can be kept", health.feedback == StoreState::away));
        all.push_back(flag("proctor_feedback_store_spooling", "Feedback waits on this host for its store",
                           health.feedback == StoreState::spooling));
    }
}

}  // namespace

std::vector<Reading> readings_of(const Health& health, WallTime started, std::uint64_t dropped) {
    const std::chrono::duration<double> since_1970 = started.time_since_epoch();
    std::vector<Reading> all;
    add_program(health, all);
    add_state(health, all);
    all.push_back({"proctor_log_lines_dropped_total",
                   "Lines that standard error did not take",
                   {},
                   static_cast<double>(dropped),
                   true});
    all.push_back({"process_start_time_seconds", "When it started, in seconds since 1970", {}, since_1970.count()});
    add_memory(all);
    add_descriptors(all);
    add_processor_time(all);
    return all;
}

}  // namespace proctor::app
