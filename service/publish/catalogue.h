// The rule catalogue: everything the content says, as a static HTML site for clinicians, quality leads and regulators.
// No scripts, nothing from elsewhere; it opens from a disk and prints.
#pragma once

#include <string>
#include <vector>

#include "rules/content.h"

namespace proctor::publish {

struct Page {
    std::string file;  // "index.html"
    std::string text;
};

// index.html (anchors are rule codes, so a card's link opens its rule), terms.html, codes.html, style.css.
[[nodiscard]] std::vector<Page> write_catalogue(const rules::Content& content);

}  // namespace proctor::publish
