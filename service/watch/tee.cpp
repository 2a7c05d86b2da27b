#include "watch/tee.h"

namespace proctor::watch {

void Tee::write(Event event, const LogFields& fields) {
    for (Log* log : logs_) log->write(event, fields);
}

}  // namespace proctor::watch
