// What of a chart's codes is read, summed over patients, for the integrator of a site: by code system, and the
// commonest codes that nobody reads. Printed on the site's own machine only. It knows no patient.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "hooks/answer.h"

namespace proctor::batch {

class CodeReport {
public:
    // Bounded in systems, codes and their lengths, whatever the charts hold.
    void add(const fhir::Record& record, const hooks::Engine& engine);
    void add(const CodeReport& other);

    // A line a code system: codings, how many are read, who reads the system.
    [[nodiscard]] std::string print() const;
    // The commonest codes that are lost, a line each; empty when none is.
    [[nodiscard]] std::string print_lost() const;
    // One line when codes are lost, else nothing.
    [[nodiscard]] std::string notice() const;

private:
    struct Sum {
        fhir::SystemReader reader{};
        std::uint64_t codings = 0, read = 0;
    };
    void add_system(std::string name, const Sum& sum);
    void add_lost(std::pair<std::string, std::string> code, std::uint64_t count);
    [[nodiscard]] std::uint64_t lost() const;

    std::map<std::string, Sum> systems_;
    std::map<std::pair<std::string, std::string>, std::uint64_t> lost_;  // system, code
};

}  // namespace proctor::batch
