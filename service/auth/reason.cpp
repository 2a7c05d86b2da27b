#include "auth/reason.h"

namespace proctor::auth {

std::string_view print(Reason reason) {
    switch (reason) {
        case Reason::no_token: return "noToken";
        case Reason::malformed_token: return "malformedToken";
        case Reason::algorithm: return "algorithm";
        case Reason::unknown_issuer: return "unknownIssuer";
        case Reason::audience: return "audience";
        case Reason::expired: return "expired";
        case Reason::jti: return "jti";
        case Reason::tenant: return "tenant";
        case Reason::jku: return "jku";
        case Reason::unknown_key: return "unknownKey";
        case Reason::key_unfit: return "keyUnfit";
        case Reason::signature: return "signature";
        case Reason::replayed: return "replayed";
        case Reason::before_restart: return "beforeRestart";
        case Reason::keys_unavailable: return "keysUnavailable";
        case Reason::replay_unavailable: return "replayUnavailable";
        case Reason::certificate: return "certificate";
        case Reason::too_many_failures: return "tooManyFailures";
    }
    return "";
}

int status_of(Reason reason) {
    switch (reason) {
        case Reason::too_many_failures: return 429;
        case Reason::replay_unavailable: return 503;
        case Reason::no_token:
        case Reason::malformed_token:
        case Reason::algorithm:
        case Reason::unknown_issuer:
        case Reason::audience:
        case Reason::expired:
        case Reason::jti:
        case Reason::tenant:
        case Reason::jku:
        case Reason::unknown_key:
        case Reason::key_unfit:
        case Reason::signature:
        case Reason::replayed:
        case Reason::before_restart:
        case Reason::keys_unavailable:
        case Reason::certificate: return 401;
    }
    return 401;
}

}  // namespace proctor::auth
