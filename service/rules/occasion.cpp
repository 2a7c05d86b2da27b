#include "rules/occasion.h"

namespace proctor::rules {

bool is_writing(std::string_view hook) {
    return hook == "order-select" || hook == "order-sign" || hook == "problem-list-item-create";
}

}  // namespace proctor::rules
