#include "fhir/version.h"

namespace proctor::fhir {

std::string_view print(Version version) {
    switch (version) {
        case Version::dstu2: return "DSTU2";
        case Version::stu3: return "STU3";
        case Version::r4: return "R4";
        case Version::r5: return "R5";
    }
    return "";
}

std::optional<Version> version_named(std::string_view spelling) {
    for (const auto version : {Version::dstu2, Version::stu3, Version::r4, Version::r5}) {
        if (print(version) == spelling) return version;
    }
    return std::nullopt;
}

}  // namespace proctor::fhir
