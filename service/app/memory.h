// How the program lives with the memory that it gets. It knows nothing of requests.
#pragma once

namespace proctor::app {

// For the whole process, before its threads: what is large goes back to the system at once. A program with this
// function in it has an operator new that insists (base/memory.h). The calling thread, which reads content, is the
// patient one: neither valijson nor std::filesystem can say that there was no memory.
void manage_memory();

}  // namespace proctor::app
