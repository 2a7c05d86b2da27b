#include "publish/catalogue.h"

#include <algorithm>

#include "publish/catalogue_parts.h"
#include "publish/html.h"

namespace proctor::publish {
namespace {

// The most urgent card a rule may show.
rules::Indicator level_of(const rules::Rule& rule) {
    auto level = rules::Indicator::info;
    for (const auto& row : rule.decide) level = std::max(level, row.indicator);
    return level;
}

std::string approval_words(const rules::Manifest& manifest) {
    if (manifest.approved) return "Approved. " + manifest.approval;
    return "No clinician has approved this content yet. A site that uses it takes that upon itself.";
}

std::string introduction(const rules::Content& content) {
    const auto& manifest = content.manifest;
    const auto& attributes = content.sourceAttributes;
    return "<p class=\"lead\">What Proctor flags, when, why, and on what evidence. Each rule reads data that are "
           "already in "
           "the patient's record and answers with an advisory card; the clinician decides.</p>\n<table "
           "class=\"facts\">\n"
           "<tr><th>Content</th><td>" +
           escape_html(manifest.name) + ", version " + escape_html(manifest.version) + ", released " +
           escape_html(attributes.released) + "</td></tr>\n<tr><th>Revision</th><td><code>" + content.revision +
           "</code></td></tr>\n<tr><th>Approval</th><td>" + escape_html(approval_words(manifest)) +
           "</td></tr>\n<tr><th>Developer, funding</th><td>" + escape_html(attributes.developer) + "; " +
           escape_html(attributes.funding) + "</td></tr>\n</table>\n";
}

std::string reading_notes() {
    return "<h2>How to read a rule</h2>\n<ul>\n"
           "<li>Rows are tried in order; the first that holds makes the card. A row that cannot be decided because "
           "data are "
           "missing never counts as a no: the card says what could not be checked.</li>\n"
           "<li>A Condition is active unless it was refuted, entered in error, ended, or is inactive, in remission or "
           "resolved. An Observation counts when it is final, amended, corrected or preliminary. A date ahead of the "
           "request "
           "never counts.</li>\n"
           "<li>Windows count back from the moment of the request. The terms of a rule are listed below it and defined "
           "on the page "
           "<a href=\"terms.html\">Terms</a>, codes on the page <a href=\"codes.html\">Codes</a>.</li>\n</ul>\n";
}

std::string contents(const rules::Content& content) {
    std::string table =
        "<h2>Rules</h2>\n<table class=\"contents\">\n<thead><tr><th>Code</th><th>Rule</th><th>Most urgent "
        "card</th><th>Status</th></tr></thead>\n<tbody>\n";
    for (const auto& [rule, text, evidence, cases] : content.rules) {
        const std::string status(rules::status_words(rule.status));
        table += "<tr><td>" + link("#" + rule.code, rule.code) + "</td><td>" + escape_html(rule.title) + "</td><td>" +
                 badge(level_of(rule)) + "</td><td>" + escape_html(status.substr(0, status.find(':'))) + "</td></tr>\n";
    }
    return table + "</tbody>\n</table>\n";
}

}  // namespace

std::string page(const rules::Content& content, std::string_view title, std::string_view body) {
    std::string html =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\">\n<link rel=\"stylesheet\" href=\"style.css\">\n";
    html += element("title", std::string(title) + " - " + content.manifest.name) + "\n</head>\n<body>\n";
    html += "<header><nav aria-label=\"Pages\">" + link("index.html", "Rules") + link("terms.html", "Terms") +
            link("codes.html", "Codes") + "</nav></header>\n<main>\n" + element("h1", title) + "\n";
    return html.append(body).append("</main>\n</body>\n</html>\n");
}

std::string outline_html(const rules::Outline& outline) {
    std::string html = escape_html(outline.words);
    if (outline.parts.empty()) return html;
    html += "\n<ul>\n";
    for (const auto& part : outline.parts) html += "<li>" + outline_html(part) + "</li>\n";
    return html + "</ul>";
}

std::string badge(rules::Indicator indicator) {
    const std::string word(rules::print(indicator));
    return "<span class=\"badge " + word + "\">" + word + "</span>";
}

std::vector<Page> write_catalogue(const rules::Content& content) {
    std::string rules = introduction(content) + reading_notes() + contents(content);
    for (const auto& rule : content.rules) rules += rule_section(content, rule);
    return {{"index.html", page(content, "Rule catalogue", rules)},
            {"terms.html", page(content, "Terms", terms_body(content))},
            {"codes.html", page(content, "Codes", codes_body(content))},
            {"style.css", std::string(style_sheet())}};
}

}  // namespace proctor::publish
