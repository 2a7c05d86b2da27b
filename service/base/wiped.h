// A text that is overwritten when it goes: tokens, and the bytes of requests, which hold them and charts.
#pragma once

#include <string>
#include <utility>

namespace proctor {

struct Wiped {
    std::string text;

    Wiped() = default;
    explicit Wiped(std::string given) : text(std::move(given)) {}
    ~Wiped();
    Wiped(const Wiped&) = default;
    Wiped(Wiped&&) = default;
    Wiped& operator=(const Wiped&) = default;
    Wiped& operator=(Wiped&&) = default;
};

}  // namespace proctor
