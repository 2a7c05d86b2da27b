#include "app/markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace proctor::app {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Markdown, ShowsBlocksWithoutTheirMarkup) {
    EXPECT_THAT(
        render_markdown("## Why\n\n- **Hb**: 72 g/L\n- plain\n\n\nsee [NICE NG12](https://nice.example/ng12).\n", {}),
        ElementsAre("Why", "", "• Hb: 72 g/L", "• plain", "", "see NICE NG12 <https://nice.example/ng12>."));
}

TEST(Markdown, WrapsUnderTheBullet) {
    EXPECT_THAT(render_markdown("- one two three four", {11, false}), ElementsAre("• one two", "  three", "  four"));
}

TEST(Markdown, ColoursCountNothing) {
    EXPECT_THAT(render_markdown("**one** two", {7, true}), ElementsAre("\x1b[1mone\x1b[0m two"));
}

TEST(Markdown, ShowsChartTextAsItWasWritten) {
    const std::string chart = "1) <b>*blood* & mucus</b> [x](http://a.b) snake_case a@b.c -- `q` \\";
    EXPECT_THAT(render_markdown(escape_markdown(chart), {200, false}), ElementsAre(chart));
}

TEST(Markdown, NoControlCharacterGetsThrough) {
    EXPECT_THAT(render_markdown("a\x1b[31mred\x07", {}), Each(Not(HasSubstr("\x1b"))));
}

}  // namespace
}  // namespace proctor::app
