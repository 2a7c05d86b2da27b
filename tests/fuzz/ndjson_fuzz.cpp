// Any bytes as a file of patients: each document becomes one line or one error, in order, and no error repeats a value.
#include <algorithm>
#include <sstream>

#include "batch/evaluator.h"
#include "fuzz/engine.h"
#include "rules/parse_json.h"

using namespace proctor;
using namespace proctor::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const hooks::Settings settings;
    static const batch::Evaluator evaluator(engine(), settings, {k_now, "patient-view", false, {}});
    std::istringstream input(text_of(data, size));
    std::ostringstream results;
    batch::BatchCounts counts;
    std::size_t errors = 0, line = 0;
    const auto refused = [&](const batch::BatchError& error) {
        ++errors;
        require(error.line > line && error.name == "in" && !error.message.empty());
        line = error.line;
    };
    evaluator.evaluate(input, "in", {results, refused}, counts);
    require(errors == counts.errors);
    std::istringstream lines(results.str());
    std::size_t patients = 0;
    for (std::string one; std::getline(lines, one); ++patients) require(rules::parse_json(one).ok());
    require(patients == counts.patients);
    static_cast<void>(counts.codes.print() + counts.codes.print_lost());
    return 0;
}
