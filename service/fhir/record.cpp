#include "fhir/record.h"

#include <algorithm>

namespace proctor::fhir {

std::string_view print(ResourceType type) {
    switch (type) {
        case ResourceType::patient: return "Patient";
        case ResourceType::condition: return "Condition";
        case ResourceType::observation: return "Observation";
        case ResourceType::procedure: return "Procedure";
        case ResourceType::service_request: return "ServiceRequest";
        case ResourceType::encounter: return "Encounter";
        case ResourceType::medication: return "Medication";
        case ResourceType::medication_request: return "MedicationRequest";
        case ResourceType::medication_statement: return "MedicationStatement";
        case ResourceType::medication_administration: return "MedicationAdministration";
    }
    return "";
}

std::string_view type_name(const Resource& resource) {
    return resource.name.empty() ? print(resource.type) : resource.name;
}

void TextArena::grow(std::size_t bytes) {
    constexpr std::size_t k_first = 8U << 10U, k_largest = 256U << 10U;
    size_ = std::max(bytes, std::clamp(size_ * 2, k_first, k_largest));
    used_ = 0;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size_));
}

}  // namespace proctor::fhir
