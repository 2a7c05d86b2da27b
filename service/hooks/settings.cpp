#include "hooks/settings.h"

namespace proctor::hooks {
namespace {

using fhir::PrefetchKeys;
using fhir::Source;
using fhir::Version;

PrefetchKeys keys_with(const PrefetchKeys& orders, const char* medication_orders) {
    PrefetchKeys keys = {
        {"patient", Source::patient},        {"conditions", Source::condition}, {"laboratory", Source::laboratory},
        {"vitalSigns", Source::vital_signs}, {"survey", Source::survey},        {"exam", Source::exam},
        {"procedures", Source::procedure},
    };
    keys.insert(keys.end(), orders.begin(), orders.end());
    keys.insert(keys.end(), {{"encounters", Source::encounter},
                             {medication_orders, Source::medication_request},
                             {"medicationStatements", Source::medication_statement},
                             {"medicationAdministrations", Source::medication_administration}});
    return keys;
}

}  // namespace

const PrefetchKeys& default_keys(Version version) {
    static const PrefetchKeys dstu2 = keys_with({{"diagnosticOrders", Source::service_request},
                                                 {"procedureRequests", Source::service_request},
                                                 {"referralRequests", Source::service_request}},
                                                "medicationOrders");
    static const PrefetchKeys stu3 =
        keys_with({{"procedureRequests", Source::service_request}, {"referralRequests", Source::service_request}},
                  "medicationRequests");
    static const PrefetchKeys r4 = keys_with({{"serviceRequests", Source::service_request}}, "medicationRequests");
    switch (version) {
        case Version::dstu2: return dstu2;
        case Version::stu3: return stu3;
        case Version::r4:
        case Version::r5: return r4;
    }
    return r4;
}

const PrefetchKeys& prefetch_keys(const Settings& settings) {
    return settings.keys.empty() ? default_keys(settings.fhirVersion.value_or(Version::r4)) : settings.keys;
}

}  // namespace proctor::hooks
