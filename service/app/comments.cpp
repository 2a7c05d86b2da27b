#include "app/comments.h"

namespace proctor::app {

std::string without_comments(std::string_view text) {
    std::string plain(text);
    bool in_string = false;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        if (in_string && plain[i] == '\\') {
            ++i;
        } else if (plain[i] == '"') {
            in_string = !in_string;
        } else if (!in_string && plain.compare(i, 2, "//") == 0) {
            while (i < plain.size() && plain[i] != '\n') plain[i++] = ' ';
        }
    }
    return plain;
}

}  // namespace proctor::app
