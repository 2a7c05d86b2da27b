// OpenSSL's objects as values that free themselves. Private to this room.
#pragma once

#include <memory>

namespace proctor::auth {

template <auto Free>
struct Freeing {
    template <typename T>
    void operator()(T* owned) const {
        Free(owned);
    }
};

// Owned<EVP_PKEY, EVP_PKEY_free>
template <typename T, auto Free>
using Owned = std::unique_ptr<T, Freeing<Free>>;

}  // namespace proctor::auth
