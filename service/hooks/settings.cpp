#include "hooks/settings.h"

namespace proctor::hooks {

const fhir::PrefetchKeys& default_keys() {
    using fhir::Source;
    static const fhir::PrefetchKeys keys = {
        {"patient", Source::patient},
        {"conditions", Source::condition},
        {"laboratory", Source::laboratory},
        {"vitalSigns", Source::vital_signs},
        {"survey", Source::survey},
        {"exam", Source::exam},
        {"procedures", Source::procedure},
        {"serviceRequests", Source::service_request},
        {"encounters", Source::encounter},
        {"medicationRequests", Source::medication_request},
        {"medicationStatements", Source::medication_statement},
        {"medicationAdministrations", Source::medication_administration},
    };
    return keys;
}

const fhir::PrefetchKeys& prefetch_keys(const Settings& settings) {
    return settings.keys.empty() ? default_keys() : settings.keys;
}

}  // namespace proctor::hooks
