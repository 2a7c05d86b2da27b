#include "watch/tee.h"

namespace proctor::watch {

void Tee::write(Event event, const LogFields& fields) {
    for (Log* log : logs_) log->write(event, fields);
}

bool Tee::record(Event event, const LogFields& fields) {
    bool recorded = true;
    for (Log* log : logs_) recorded = log->record(event, fields) && recorded;
    return recorded;
}

}  // namespace proctor::watch
