// A text that is overwritten when it goes: tokens, and the bytes of requests, which hold them and charts.
#pragma once

#include <cstddef>
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
    Wiped& operator=(Wiped other) noexcept {  // which takes the old text with it
        text.swap(other.text);
        return *this;
    }
};

// Room in `text` for so many bytes more; what it grew out of is overwritten.
void make_room(std::string& text, std::size_t bytes);

}  // namespace proctor
