// What a site decides about how its charts are read and shown, beside its code maps. Values; the names in it are the
// content's.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/content.h"

namespace proctor::rules {

struct SiteChoices {
    std::map<std::string, Micro> factors;  // of its laboratory, by SiteFactor::name
    std::vector<std::string> show;         // categories of sensitive findings that its cards may show
    std::vector<std::string> off = {};     // codes of rules that it has switched off
};

// Shows all; no factors. For judging the content itself.
[[nodiscard]] SiteChoices showing_everything(const Content& content);

// Every name is one of the content's and every factor believable. `where`: the member of the configuration.
[[nodiscard]] Status check_site(const SiteChoices& site, const Content& content);

// By index of Content::rules.
[[nodiscard]] std::vector<bool> switched_off(const SiteChoices& site, const Content& content);

// Its cards may show the finding's entries.
[[nodiscard]] bool shows(const SiteChoices& site, const Finding& finding);
// The finding counts. Where it does not, facts about it are "no": the site does not use such data at all.
[[nodiscard]] bool uses(const SiteChoices& site, const Finding& finding);

// The quantity with what the site's factor adds to its units.
[[nodiscard]] QuantityKind with_factor(QuantityKind quantity, const SiteChoices& site);

}  // namespace proctor::rules
