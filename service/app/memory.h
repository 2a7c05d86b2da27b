// How `serve` lives with the memory that it gets: what is large goes back at once, and who finds none waits a moment,
// since other requests give theirs back. It knows nothing of requests.
#pragma once

namespace proctor::app {

// For the whole process, before its threads. From then on operator new throws bad_alloc only after
// limits::k_memory_wait_ms without memory: the destructors of nlohmann's JSON allocate, and an exception out of one
// ends the process.
void manage_memory();

}  // namespace proctor::app
