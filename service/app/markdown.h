// Cards' Markdown (GitHub Flavored, the part that cards use) as lines for a terminal: headings, bullets,
// bold, links, escapes, entities. Control characters never get through.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace proctor::app {

struct Screen {
    std::size_t width = 90;  // characters
    bool colour = false;     // ANSI sequences
};

// ANSI sequences of a colour around the text, or the text alone.
[[nodiscard]] std::string paint(std::string_view text, std::string_view sgr, const Screen& screen);

// Lines of at most screen.width characters; a single longer word stands alone. Blocks are separated by one
// empty line.
[[nodiscard]] std::vector<std::string> render_markdown(std::string_view markdown, const Screen& screen);

}  // namespace proctor::app
