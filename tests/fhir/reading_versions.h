// Short ways to write one resource of patient p1 in any FHIR version.
#pragma once

#include <string>

#include "fhir/reading.h"

namespace proctor::fhir::reading {

inline const std::string k_subject = R"("subject":{"reference":"Patient/p1"},)";
inline const std::string k_patient = R"("patient":{"reference":"Patient/p1"},)";

// A resource of patient p1 with these members, DSTU2's way (`patient`) or the others' (`subject`).
inline std::string of(const std::string& type, const std::string& members, const std::string& who = k_subject) {
    return R"({"resourceType":")" + type + R"(","id":"r1",)" + who + members + "}";
}

inline Record read_one(const std::string& resource) { return one("conditions", resource); }

inline std::string time_of(const std::optional<TimeSpan>& time) {
    return time ? print_instant(time->earliest) : "none";
}

inline const std::string k_concept = R"({"coding":[{"system":"s","code":"c"}],"text":"t"})";

}  // namespace proctor::fhir::reading
