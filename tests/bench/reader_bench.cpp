// Reading a request, and reading and evaluating it with the cards, beside what simdjson On-Demand needs for a plain
// extraction of the same bytes and what an nlohmann DOM needs for parsing alone. The best of the repetitions counts,
// and the ratios end the report.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "chart.h"
#include "plain_extraction.h"
#include "rules/evaluate.h"

namespace proctor::bench {
namespace {

const std::vector<std::int64_t> k_sizes{6'000, 60'000, 600'000, 6'000'000};

const rules::Content& content() {
    static const auto loaded = rules::load_content(PROCTOR_SOURCE_DIR "/cards");
    if (!loaded) std::fprintf(stderr, "%s\n", describe(loaded.error()).c_str()), std::exit(1);
    return **loaded;
}

const fhir::PaddedJson& request_for(const benchmark::State& state) {
    static std::map<std::int64_t, fhir::PaddedJson> made;
    const auto found = made.find(state.range(0));
    if (found != made.end()) return found->second;
    return made.emplace(state.range(0), hook_request({static_cast<std::size_t>(state.range(0))})).first->second;
}

void count_bytes(benchmark::State& state, const fhir::PaddedJson& json) {
    state.SetBytesProcessed(static_cast<std::int64_t>(json.bytes().size()) * state.iterations());
}

void read(benchmark::State& state) {
    const auto& json = request_for(state);
    const fhir::ReadSetup setup{content().codes, fhir::Zone{}};
    std::size_t resources = 0;
    for (auto _ : state) {
        const auto document = fhir::read_hook_request(json, keys(), setup);
        if (!document) return state.SkipWithError("the request was refused");
        benchmark::DoNotOptimize(resources = document->record.resources.size());
    }
    state.counters["resources"] = static_cast<double>(resources);
    count_bytes(state, json);
}

void read_and_evaluate(benchmark::State& state) {
    const auto& json = request_for(state);
    const fhir::ReadSetup setup{content().codes, fhir::Zone{}};
    const rules::FactLookup lookup(content());
    std::size_t fired = 0;
    for (auto _ : state) {
        const auto document = fhir::read_hook_request(json, keys(), setup);
        if (!document) return state.SkipWithError("the request was refused");
        const auto outcome = rules::evaluate(content(), lookup.look_up(document->record, now()), "patient-view");
        benchmark::DoNotOptimize(fired = outcome.fired.size());
    }
    state.counters["fired"] = static_cast<double>(fired);
    count_bytes(state, json);
}

void plain_on_demand(benchmark::State& state) {
    const auto& json = request_for(state);
    PlainExtraction plain;
    const simdjson::padded_string_view bytes(json.bytes().data(), json.bytes().size(),
                                             json.bytes().size() + fhir::k_padding);
    for (auto _ : state) plain.read(bytes);
    benchmark::DoNotOptimize(plain.sum());
    state.counters["resources"] = static_cast<double>(plain.resources()) / static_cast<double>(state.iterations());
    state.counters["characters"] = static_cast<double>(plain.characters()) / static_cast<double>(state.iterations());
    count_bytes(state, json);
}

void nlohmann_dom(benchmark::State& state) {
    const auto& json = request_for(state);
    for (auto _ : state) benchmark::DoNotOptimize(nlohmann::json::parse(json.bytes()));
    count_bytes(state, json);
}

// Remembers the shortest time of each benchmark.
class Ratios : public benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override {
        ConsoleReporter::ReportRuns(runs);
        for (const auto& run : runs) {
            if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
            const auto slash = run.benchmark_name().find('/');
            auto& best =
                best_[run.benchmark_name().substr(0, slash)][std::stoll(run.benchmark_name().substr(slash + 1))];
            const double time = run.GetAdjustedCPUTime();
            if (best == 0 || time < best) best = time;
        }
    }

    void print() {
        std::puts("\nthroughput, plain On-Demand = 1");
        for (const auto size : k_sizes) {
            std::printf("%8lld bytes", static_cast<long long>(size));
            for (const auto* name : {"read", "read_and_evaluate", "nlohmann_dom"})
                std::printf("   %s %.3f", name, best_["plain_on_demand"][size] / best_[name][size]);
            std::puts("");
        }
        const auto exponent = [&](const char* name) {
            return std::log(best_[name][k_sizes.back()] / best_[name][k_sizes[1]]) /
                   std::log(static_cast<double>(k_sizes.back()) / static_cast<double>(k_sizes[1]));
        };
        std::printf("growth exponent from 60 kB to 6 MB: read %.3f, read_and_evaluate %.3f, plain_on_demand %.3f\n",
                    exponent("read"), exponent("read_and_evaluate"), exponent("plain_on_demand"));
    }

private:
    std::map<std::string, std::map<std::int64_t, double>> best_;
};

void add(const char* name, void (*measure)(benchmark::State&)) {
    auto* added = benchmark::RegisterBenchmark(name, measure);
    for (const auto size : k_sizes) added->Arg(size);
    added->Unit(benchmark::kMicrosecond);
}

int run(int argc, char** argv) {
    std::vector<char*> arguments(argv, argv + argc);
    std::string defaults[] = {"--benchmark_min_time=0.05", "--benchmark_repetitions=5",
                              "--benchmark_enable_random_interleaving=true"};
    for (auto& option : defaults) arguments.insert(arguments.begin() + 1, option.data());
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    add("read", read);
    add("read_and_evaluate", read_and_evaluate);
    add("plain_on_demand", plain_on_demand);
    add("nlohmann_dom", nlohmann_dom);
    Ratios ratios;
    benchmark::RunSpecifiedBenchmarks(&ratios);
    ratios.print();
    return 0;
}

}  // namespace
}  // namespace proctor::bench

int main(int argc, char** argv) { return proctor::bench::run(argc, argv); }
