// A chart of chart.h on standard output.
//   write_request BYTES NOW [COUNT]     a request of about so many bytes; with COUNT so many, NDJSON, each beginning
//                                       with another patient
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "chart.h"

namespace proctor::bench {
namespace {

int run(std::size_t bytes, const std::string& now, std::size_t count) {
    const auto instant = fhir::read_instant(now);
    if (!instant) return 2;
    std::vector<std::string> requests;
    for (const auto& patient : patients()) {
        Chart chart{bytes};
        chart.now = *instant;
        if (count > 0) chart.first = patient;
        requests.push_back(hook_request(chart) + '\n');
        if (count == 0) break;
    }
    for (std::size_t i = 0; i < (count == 0 ? 1 : count); ++i) {
        const auto& request = requests[i % requests.size()];
        if (std::fwrite(request.data(), 1, request.size(), stdout) != request.size()) return 1;
    }
    return 0;
}

}  // namespace
}  // namespace proctor::bench

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    return proctor::bench::run(std::strtoul(argv[1], nullptr, 10), argv[2],
                               argc == 4 ? std::strtoul(argv[3], nullptr, 10) : 0);
}
