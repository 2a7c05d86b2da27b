#include "base/waiting.h"

#include <utility>

namespace proctor {
namespace {

thread_local Places* t_places = nullptr;

}  // namespace

void set_places(Places* places) { t_places = places; }

// Within another one there is nothing left to lend.
Waiting::Waiting() : lent_(std::exchange(t_places, nullptr)) {
    if (lent_ != nullptr) lent_->lend();
}

Waiting::~Waiting() {
    if (lent_ == nullptr) return;
    lent_->take_back();
    t_places = lent_;
}

}  // namespace proctor
