#include "fhir/record.h"

#include <algorithm>
#include <cstring>

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

std::string_view TextArena::keep(std::string_view text) {
    if (text.empty()) return {};
    char* to = reserve(text.size());
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
}

char* TextArena::reserve(std::size_t bytes) {
    constexpr std::size_t k_first = 8U << 10U, k_largest = 256U << 10U;
    if (bytes > size_ - used_) {
        size_ = std::max(bytes, std::clamp(size_ * 2, k_first, k_largest));
        used_ = 0;
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(size_));
    }
    char* at = blocks_.back().get() + used_;
    used_ += bytes;
    return at;
}

}  // namespace proctor::fhir
