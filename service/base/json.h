// nlohmann/json, for .cpp files. Its destructor allocates and cannot say that there was no memory: an exception out of
// it ends the process, with the requests of everybody. So what it allocates waits far longer than other memory does,
// while those who give up give theirs back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <nlohmann/json_fwd.hpp>
#include <type_traits>

#include "base/memory.h"

namespace proctor {

// Arrays of JSON values. std::bad_alloc: none for limits::k_memory_patience_ms.
template <typename Json>
struct PatientAllocator {
    using value_type = Json;
    using size_type = std::size_t;
    using difference_type = std::ptrdiff_t;
    using propagate_on_container_move_assignment = std::true_type;
    using is_always_equal = std::true_type;

    PatientAllocator() = default;
    template <typename Other>
    PatientAllocator(const std::allocator<Other>& /*other*/) noexcept {}

    [[nodiscard]] Json* allocate(std::size_t count) {
        if (count > PTRDIFF_MAX / sizeof(Json)) throw std::bad_array_new_length();
        void* got = insist([&] { return std::malloc(count * sizeof(Json)); }, limits::k_memory_patience_ms);
        if (got == nullptr) throw std::bad_alloc();
        return static_cast<Json*>(got);
    }
    void deallocate(Json* old, std::size_t /*count*/) noexcept { std::free(old); }
    friend bool operator==(const PatientAllocator&, const PatientAllocator&) noexcept { return true; }
};

}  // namespace proctor

// The destructor's vector has the standard allocator, which a program may specialise for types that are not the
// standard's ([namespace.std]); before the library's own functions use it.
template <>
struct std::allocator<nlohmann::json> : proctor::PatientAllocator<nlohmann::json> {
    using PatientAllocator::PatientAllocator;
};
template <>
struct std::allocator<nlohmann::ordered_json> : proctor::PatientAllocator<nlohmann::ordered_json> {
    using PatientAllocator::PatientAllocator;
};

#include <nlohmann/json.hpp>  // IWYU pragma: export
