#include "publish/catalogue.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "publish/evidence.h"
#include "publish/html.h"
#include "support/shipped_content.h"

namespace proctor::publish::catalogue_test {
namespace {

const rules::Content& cards() { return *support::shipped_content(); }

const std::vector<Page>& pages() {
    static const auto all = write_catalogue(cards());
    return all;
}

const std::string& page_named(const std::string& file) {
    for (const Page& page : pages()) {
        if (page.file == file) return page.text;
    }
    ADD_FAILURE() << "no page " << file;
    return pages().front().text;
}

// What stands between `before` and the next quote or tag, wherever `before` stands.
std::set<std::string> all_after(const std::string& text, const std::string& before) {
    std::set<std::string> found;
    for (auto at = text.find(before); at != std::string::npos; at = text.find(before, at + 1)) {
        const auto start = at + before.size();
        found.insert(text.substr(start, text.find_first_of("\"<", start) - start));
    }
    return found;
}

TEST(Catalogue, HoldsEveryRuleUnderItsCode) {
    const auto anchors = all_after(page_named("index.html"), "<section id=\"");
    for (const auto& rule : cards().rules) EXPECT_TRUE(anchors.contains(rule.rule.code)) << rule.rule.code;
    EXPECT_EQ(anchors.size(), cards().rules.size());
}

TEST(Catalogue, HasNoLinkThatLeadsNowhere) {
    std::map<std::string, std::set<std::string>> anchors;
    for (const Page& page : pages()) anchors[page.file] = all_after(page.text, " id=\"");
    for (const Page& page : pages()) {
        for (const std::string& href : all_after(page.text, "<a href=\"")) {
            if (href.starts_with("https://")) continue;
            const auto hash = href.find('#');
            const std::string file = hash == 0 ? page.file : href.substr(0, hash);
            ASSERT_TRUE(anchors.contains(file)) << href;
            if (hash != std::string::npos) {
                EXPECT_TRUE(anchors[file].contains(href.substr(hash + 1))) << href;
            }
        }
    }
}

TEST(Catalogue, SaysForEveryRuleWhatUsersMayAskAboutItsSources) {
    const std::string& index = page_named("index.html");
    const auto attributes = all_after(index, "<tr><th>Uses ");
    EXPECT_EQ(attributes,
              (std::set<std::string>{"Race", "Ethnicity", "Language", "Sexual orientation", "Gender identity", "Sex",
                                     "Date of birth", "Social determinants of health", "Health status assessments"}));
    const auto section = [&](const std::string& code) {
        const auto start = index.find("<section id=\"" + code + "\"");
        return index.substr(start, index.find("</section>", start) - start);
    };
    EXPECT_NE(section("ADC-27").find("<th>Uses Sex</th><td>Yes."), std::string::npos);
    EXPECT_NE(section("ADC-27").find("<th>Uses Date of birth</th><td>Yes."), std::string::npos);
    EXPECT_NE(section("ADC-13").find("<th>Uses Sex</th><td>No"), std::string::npos);
    EXPECT_NE(section("ADC-13").find("<th>Funding of the implementation</th>"), std::string::npos);
}

TEST(Catalogue, MarksCodesThatASiteMustConfirm) {
    const std::string& codes = page_named("codes.html");
    EXPECT_NE(codes.find("confirm in your terminology server"), std::string::npos);
    for (const auto& set : cards().valueSets)
        EXPECT_NE(codes.find("<section id=\"" + set.id + "\""), std::string::npos);
}

TEST(Catalogue, LoadsNothingFromElsewhereAndRunsNothing) {
    for (const Page& page : pages()) {
        EXPECT_EQ(page.text.find("<script"), std::string::npos) << page.file;
        EXPECT_EQ(page.text.find("src="), std::string::npos) << page.file;
        EXPECT_EQ(page.text.find("@import"), std::string::npos) << page.file;
    }
}

TEST(Html, ShowsTextLiterally) {
    EXPECT_EQ(escape_html("a < b & \"c\" 'd' >"), "a &lt; b &amp; &quot;c&quot; &#39;d&#39; &gt;");
    EXPECT_EQ(link("#\"x", "<b>"), "<a href=\"#&quot;x\">&lt;b&gt;</a>");
    EXPECT_EQ(anchor_of("FIT at or above 10 µg/g"), "fit-at-or-above-10-g-g");
}

TEST(Evidence, IsReadBySections) {
    const std::string evidence = "# Title\n\n## Limits\n\n- one\n- two\n  goes on\n\n## Misuse\n\nNot <so>.\n";
    EXPECT_EQ(section_of(evidence, "Limits"), "- one\n- two\n  goes on");
    EXPECT_EQ(section_of(evidence, "Nothing"), "");
    EXPECT_EQ(
        evidence_html(evidence),
        "<h4>Limits</h4>\n<ul>\n<li>one</li>\n<li>two goes on</li>\n</ul>\n<h4>Misuse</h4>\n<p>Not &lt;so&gt;.</p>\n");
}

}  // namespace
}  // namespace proctor::publish::catalogue_test
