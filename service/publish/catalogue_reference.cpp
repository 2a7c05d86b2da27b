// The reference pages of the catalogue: terms and codes.
#include <map>
#include <set>

#include "publish/catalogue_parts.h"
#include "publish/html.h"
#include "rules/print_words.h"

namespace proctor::publish {
namespace {

std::string system_name(const std::string& uri) {
    static const std::map<std::string, std::string> k_names = {
        {"http://snomed.info/sct", "SNOMED CT"},
        {"http://loinc.org", "LOINC"},
        {"http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM"},
        {"http://hl7.org/fhir/sid/icd-10", "ICD-10"},
        {"http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"},
        {"http://www.whocc.no/atc", "ATC"}};
    const auto found = k_names.find(uri);
    return found == k_names.end() ? uri : found->second;
}

std::string_view use_words(fhir::CodeUse use) {
    switch (use) {
        case fhir::CodeUse::finding: return "finding";
        case fhir::CodeUse::question: return "test or question";
        case fhir::CodeUse::value: return "answer";
        case fhir::CodeUse::medication: return "medication";
        case fhir::CodeUse::order: return "order";
        case fhir::CodeUse::context: return "context, never counts";
    }
    return "";
}

std::string code_row(const fhir::CodeEntry& entry) {
    std::string remark = entry.strength == fhir::CodeStrength::weak ? "weak: the words must settle it" : "";
    if (!entry.confirm.empty())
        remark += (remark.empty() ? "" : "; ") + std::string("confirm in your terminology server");
    return "<tr><td>" + escape_html(system_name(entry.system)) + "</td><td><code>" + escape_html(entry.code) +
           (entry.prefix ? "&hellip;" : "") + "</code></td><td>" + escape_html(entry.display) + "</td><td>" +
           escape_html(use_words(entry.use)) + "</td><td>" + escape_html(remark) + "</td></tr>\n";
}

std::string value_set_section(const rules::Content& content, std::size_t index) {
    const auto& set = content.valueSets[index];
    std::string html = "<section id=\"" + escape_html(set.id) + "\">\n" + element("h2", set.title) +
                       "\n<p class=\"meta\"><code>" + escape_html(set.url) +
                       "</code></p>\n<table class=\"codes\">\n<thead><tr><th>System</th><th>Code</th><th>Meaning</th>"
                       "<th>Used as</th><th>Remark</th></tr></thead>\n<tbody>\n";
    for (const auto& entry : content.codes.all()) {
        if (entry.value_set == index) html += code_row(entry);
    }
    return html + "</tbody>\n</table>\n</section>\n";
}

}  // namespace

std::string terms_body(const rules::Content& content) {
    std::map<std::string, std::set<std::string>> meanings;  // the same words may stand for a fact and a condition
    for (const auto& rule : content.rules) {
        const auto described = rules::describe(content, rule);
        for (const auto& [title, outline] : described.conditions) meanings[title].insert(outline_html(outline));
        for (const auto& fact : described.facts) {
            meanings[fact.title].insert(escape_html(rules::fact_words(content, fact)));
        }
    }
    std::string html = "<p class=\"lead\">What the words of the rules mean, exactly.</p>\n<dl>\n";
    for (const auto& [title, all] : meanings) {
        html += "<dt id=\"" + anchor_of(title) + "\">" + escape_html(title) + "</dt>\n";
        for (const auto& meaning : all) html += "<dd>" + meaning + "</dd>\n";
    }
    return html + "</dl>\n";
}

std::string codes_body(const rules::Content& content) {
    std::string html =
        "<p class=\"lead\">Every code that the rules read or suggest. A family is written with its start and &hellip; "
        "and holds every code that begins so. &ldquo;Confirm in your terminology server&rdquo;: whether the code is "
        "active in "
        "your edition was not confirmed.</p>\n";
    for (std::size_t i = 0; i < content.valueSets.size(); ++i) html += value_set_section(content, i);
    return html;
}

}  // namespace proctor::publish
