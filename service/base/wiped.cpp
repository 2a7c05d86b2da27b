#include "base/wiped.h"

#include <algorithm>
#include <cstring>

namespace proctor {

// All that it ever had, also where it was moved from or became shorter.
Wiped::~Wiped() { explicit_bzero(text.data(), text.capacity()); }

void make_room(std::string& text, std::size_t bytes) {
    if (text.capacity() - text.size() >= bytes) return;
    Wiped larger;
    larger.text.reserve(std::max(2 * text.capacity(), text.size() + bytes));
    larger.text.append(text);
    text.swap(larger.text);
}

}  // namespace proctor
