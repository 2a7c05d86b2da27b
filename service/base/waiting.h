// Who computes has a place, and there are few for each processor: more threads than that only push each other out of
// the caches. Who waits for a disk, a network or somebody else lends its place meanwhile, and for a moment there may
// be one more than places when it goes on. It knows no pool.
#pragma once

namespace proctor {

class Places {
public:
    virtual void lend() = 0;
    virtual void take_back() = 0;

protected:
    ~Places() = default;
};

// Where this thread has its place from now on; nullptr, as at first: nowhere.
void set_places(Places* places);

// While one lives this thread waits.
class Waiting final {
public:
    Waiting();
    ~Waiting();
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

private:
    Places* const lent_;
};

// What `call` gives, which waits.
template <typename Call>
auto wait_for(Call call) {
    const Waiting waiting;
    return call();
}

}  // namespace proctor
