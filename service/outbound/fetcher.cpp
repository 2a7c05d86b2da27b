#include "outbound/fetcher.h"

namespace proctor::outbound {

std::string_view print(Failure failure) {
    switch (failure) {
        case Failure::not_allowed: return "notAllowed";
        case Failure::bad_token: return "badToken";
        case Failure::unresolved: return "unresolved";
        case Failure::address: return "address";
        case Failure::connect: return "connect";
        case Failure::tls: return "tls";
        case Failure::timeout: return "timeout";
        case Failure::crowded: return "crowded";
        case Failure::redirect: return "redirect";
        case Failure::status: return "status";
        case Failure::unauthorized: return "unauthorized";
        case Failure::missing: return "missing";
        case Failure::refused: return "refused";
        case Failure::too_large: return "tooLarge";
        case Failure::content_type: return "contentType";
        case Failure::protocol: return "protocol";
        case Failure::circuit_open: return "circuitOpen";
    }
    return "";
}

}  // namespace proctor::outbound
