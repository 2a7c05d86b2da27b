
#include "hooks/request.h"

#include "base/json.h"

namespace proctor::hooks {

std::string write_operation_outcome(const Refusal& refusal) {
    using json = nlohmann::ordered_json;
    json issues = json::array();
    for (const Fault& fault : refusal.faults) {
        json issue = {{"severity", "error"}, {"code", fault.code}};
        if (!fault.diagnostics.empty()) issue["diagnostics"] = fault.diagnostics;
        if (!fault.expression.empty()) issue["expression"] = json::array({fault.expression});
        issues.push_back(std::move(issue));
    }
    const json outcome = {{"resourceType", "OperationOutcome"}, {"issue", std::move(issues)}};
    return outcome.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace proctor::hooks
