#include "publish/html.h"

namespace proctor::publish {

std::string escape_html(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&': safe += "&amp;"; break;
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '"': safe += "&quot;"; break;
            case '\'': safe += "&#39;"; break;
            default: safe += c;
        }
    }
    return safe;
}

std::string element(std::string_view tag, std::string_view text) {
    const std::string name(tag);
    return "<" + name + ">" + escape_html(text) + "</" + name.substr(0, name.find(' ')) + ">";
}

std::string link(std::string_view href, std::string_view text) {
    return "<a href=\"" + escape_html(href) + "\">" + escape_html(text) + "</a>";
}

std::string anchor_of(std::string_view title) {
    std::string anchor;
    for (const char c : title) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool word = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (word)
            anchor += lower;
        else if (!anchor.empty() && anchor.back() != '-')
            anchor += '-';
    }
    while (!anchor.empty() && anchor.back() == '-') anchor.pop_back();
    return anchor;
}

}  // namespace proctor::publish
