// What prefetch did not bring, from the EHR's own FHIR server: the searches that are missing or failed, and the pages
// that follow (CDS Hooks 3.0, FHIR Resource Access). All searches at once, under one deadline; what does not come in
// time is unknown, never absent. It knows which searches a service needs, and no HTTP.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fhir/read.h"
#include "hooks/hook_table.h"
#include "hooks/settings.h"
#include "outbound/fetcher.h"

namespace proctor::ehr {

// Where a request lets us read, and with what. The caller has made sure that its client may name this server.
struct Access {
    std::string base;        // without a trailing slash; parse_url() takes it
    std::string_view token;  // sent to this server alone
    bool private_address = false;
    std::string traceparent = {};  // sent with every request; empty: none
    std::string client = {};       // whose request it is; empty: nobody's in particular
};

struct Completion {
    std::vector<fhir::FetchedSearch> searches;  // those that were needed; empty: nothing was missing
    std::size_t requests = 0, failures = 0;
    std::optional<outbound::Failure> failure;  // the first
};

[[nodiscard]] Completion complete(const fhir::HookDocument& document, const hooks::Service& service,
                                  const hooks::Settings& settings, const Access& access, outbound::Outbound& outbound,
                                  SteadyTime deadline);

}  // namespace proctor::ehr
