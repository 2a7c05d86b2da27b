// One rule of the catalogue.
#include <algorithm>

#include "publish/catalogue_parts.h"
#include "publish/data_needs.h"
#include "publish/evidence.h"
#include "publish/html.h"
#include "rules/print_words.h"

namespace proctor::publish {
namespace {

std::string list(const std::vector<std::string>& items) {
    std::string html = "<ul>\n";
    for (const auto& item : items) html += element("li", item) + "\n";
    return html + "</ul>\n";
}

std::string version_line(const rules::Content& content, const rules::Rule& rule) {
    const std::string date = rule.date.empty() ? content.sourceAttributes.released : rule.date;
    return "<p class=\"meta\">Version " + escape_html(rule.version) + " of " + escape_html(date) + ", " +
           escape_html(rules::status_words(rule.status)) + ". " +
           (rule.approvalDate.empty() ? "Not approved by a clinician yet. " : "Approved " + rule.approvalDate + ". ") +
           (rule.lastReviewDate.empty() ? "" : "Last reviewed " + rule.lastReviewDate + ". ") + "Runs on " +
           escape_html(rules::join(rule.hooks, "and")) + ".</p>\n";
}

std::string profile_words(const rules::Row& row) {
    std::string words;
    for (const auto& [profile, indicator] : row.profiles) {
        words += " <span class=\"profile\">" + badge(indicator) + " in the profile " + escape_html(profile) + "</span>";
    }
    return words;
}

std::string row_html(const rules::RuleText& text, const rules::RowDescription& described) {
    const rules::Row& row = *described.row;
    std::string html = "<div class=\"row\">\n<p class=\"card\">" + badge(row.indicator) + " " +
                       escape_html(described.summary) + profile_words(row) + "</p>\n<div class=\"logic\">When " +
                       outline_html(described.when) + "</div>\n";
    const auto more = text.rowActs.find(row.id);
    if (more != text.rowActs.end()) html += "<p>It adds:</p>\n" + list(more->second);
    if (!row.absorbs.empty()) {
        html += "<p>It takes in the card of ";
        for (const auto& code : row.absorbs)
            html += (&code == &row.absorbs.front() ? "" : ", ") + link("#" + code, code);
        html += ".</p>\n";
    }
    return html + "</div>\n";
}

std::string terms_html(const rules::RuleDescription& described) {
    std::vector<std::string> titles;
    for (const auto& [title, meaning] : described.conditions) titles.push_back(title);
    for (const auto& fact : described.facts) titles.push_back(fact.title);
    std::string html = "<p class=\"terms\">Terms: ";
    for (const auto& title : titles) html += link("terms.html#" + anchor_of(title), title) + " ";
    return html + "</p>\n";
}

std::string orders_html(const rules::RuleDescription& described) {
    if (described.orders.empty()) return "";
    std::string html = "<h3>Suggests, unless already ordered</h3>\n<ul>\n";
    for (const auto& [order, when] : described.orders) {
        html += "<li>" + escape_html(order->label) + " <code>" + escape_html(order->code) + "</code>" +
                (order->regions.empty() ? "" : ", " + escape_html(rules::join(order->regions, "and")) + " only") +
                (when.empty() ? "" : ", when " + escape_html(when)) + "</li>\n";
    }
    return html + "</ul>\n";
}

std::string codes_html(const rules::Content& content, const rules::LoadedRule& rule) {
    std::string html = "<p class=\"terms\">Codes: ";
    for (const auto& id : value_sets_of(content, rule)) html += link("codes.html#" + id, id) + " ";
    return html + "</p>\n";
}

bool uses(const rules::RuleDescription& described, const rules::SourceAttribute& attribute) {
    return std::any_of(described.facts.begin(), described.facts.end(), [&](const rules::Fact& fact) {
        return std::find(attribute.facts.begin(), attribute.facts.end(), fact.name) != attribute.facts.end();
    });
}

std::string citations_html(const rules::Rule& rule) {
    std::string html;
    for (const auto& citation : rule.relatedArtifact) {
        const bool linked = citation.url.starts_with("https://");
        html += "<li>" + escape_html(citation.citation) + (linked ? " " + link(citation.url, citation.url) : "") +
                "</li>\n";
    }
    return "<ul>\n" + html + "</ul>\n";
}

// 45 CFR 170.315(b)(11)(iv)(A): the source attributes of an evidence-based decision support intervention.
std::string source_attributes(const rules::Content& content, const rules::Rule& rule,
                              const rules::RuleDescription& described) {
    const auto& source = content.sourceAttributes;
    const auto row = [](std::string_view name, const std::string& value) {
        return "<tr><th>" + escape_html(name) + "</th><td>" + value + "</td></tr>\n";
    };
    std::string html = "<h3>Source attributes</h3>\n<table class=\"facts\">\n" +
                       row("Bibliographic citation", citations_html(rule)) +
                       row("Developer", escape_html(source.developer)) +
                       row("Funding of the implementation", escape_html(source.funding)) +
                       row("Release and revision", "Content released " + escape_html(source.released) +
                                                       "; this rule version " + escape_html(rule.version) +
                                                       (rule.date.empty() ? "" : " of " + escape_html(rule.date)));
    for (const auto& attribute : source.uses) {
        const bool used = uses(described, attribute);
        html += row("Uses " + attribute.title, used ? "Yes. " + escape_html(attribute.note) : "No");
    }
    return html + "</table>\n";
}

}  // namespace

std::string rule_section(const rules::Content& content, const rules::LoadedRule& loaded) {
    const auto& [rule, text, evidence, cases] = loaded;
    const auto described = rules::describe(content, loaded);
    std::string html = "<section id=\"" + escape_html(rule.code) + "\">\n" +
                       element("h2", rule.code + " " + rule.title) + "\n" + version_line(content, rule);
    html += "<h3>The card, and when it appears</h3>\n";
    for (const auto& row : described.rows) html += row_html(text, row);
    html += "<p><strong>Why it matters.</strong> " + escape_html(text.why) +
            "</p>\n<p><strong>What to do.</strong></p>\n" + list(text.act) +
            "<p><strong>When data are missing.</strong> " + escape_html(text.notChecked) + "</p>\n" +
            terms_html(described) + codes_html(content, loaded) + orders_html(described);
    html += "<h3>A clinician may decline because</h3>\n" + list(described.overrideReasons);
    html += "<h3>Evidence, limits and misuse</h3>\n" + evidence_html(evidence);
    return html + source_attributes(content, rule, described) + "</section>\n";
}

}  // namespace proctor::publish
