#include "base/wiped.h"

#include <cstring>

namespace proctor {

Wiped::~Wiped() { explicit_bzero(text.data(), text.size()); }

}  // namespace proctor
