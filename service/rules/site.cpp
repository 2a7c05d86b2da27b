#include "rules/site.h"

#include <algorithm>
#include <set>

#include "rules/parse.h"

namespace proctor::rules {
namespace {

std::vector<std::string> categories_of(const Content& content) {
    std::set<std::string> names;
    for (const Finding& finding : content.findings) {
        if (finding.sensitive) names.insert(finding.sensitive->category);
    }
    return {names.begin(), names.end()};
}

const SiteFactor* factor_named(const Content& content, const std::string& name) {
    for (const QuantityKind& quantity : content.quantities) {
        if (quantity.siteFactor && quantity.siteFactor->name == name) return &*quantity.siteFactor;
    }
    return nullptr;
}

std::vector<std::string> factor_names(const Content& content) {
    std::vector<std::string> names;
    for (const QuantityKind& quantity : content.quantities) {
        if (quantity.siteFactor) names.push_back(quantity.siteFactor->name);
    }
    return names;
}

}  // namespace

SiteChoices showing_everything(const Content& content) { return {{}, categories_of(content)}; }

Status check_site(const SiteChoices& site, const Content& content) {
    const auto categories = categories_of(content);
    for (const std::string& name : site.show) {
        if (std::ranges::find(categories, name) == categories.end())
            return Error{unknown_name("category of sensitive findings", name, categories), "show"};
    }
    std::vector<std::string> codes;
    for (const LoadedRule& loaded : content.rules) codes.push_back(loaded.rule.code);
    for (const std::string& code : site.off) {
        if (std::ranges::find(codes, code) == codes.end()) return Error{unknown_name("rule", code, codes), "rules_off"};
    }
    for (const auto& [name, value] : site.factors) {
        const SiteFactor* factor = factor_named(content, name);
        if (factor == nullptr) return Error{unknown_name("factor", name, factor_names(content)), "unit_factors"};
        if (value < factor->low || value > factor->high) {
            return Error{"must be from " + fhir::print_micro(factor->low) + " to " + fhir::print_micro(factor->high),
                         "unit_factors/" + name};
        }
    }
    return Done{};
}

std::vector<bool> switched_off(const SiteChoices& site, const Content& content) {
    std::vector<bool> off;
    for (const LoadedRule& loaded : content.rules) {
        off.push_back(std::ranges::find(site.off, loaded.rule.code) != site.off.end());
    }
    return off;
}

bool shows(const SiteChoices& site, const Finding& finding) {
    return !finding.sensitive || std::ranges::find(site.show, finding.sensitive->category) != site.show.end();
}

bool uses(const SiteChoices& site, const Finding& finding) {
    return shows(site, finding) || !finding.sensitive->onlyWhereShown;
}

QuantityKind with_factor(QuantityKind quantity, const SiteChoices& site) {
    if (!quantity.siteFactor) return quantity;
    const auto factor = site.factors.find(quantity.siteFactor->name);
    if (factor == site.factors.end()) return quantity;
    for (const std::string& unit : quantity.siteFactor->units) quantity.units[unit].numerator = factor->second;
    return quantity;
}

}  // namespace proctor::rules
