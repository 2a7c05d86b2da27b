#include "publish/evidence.h"

#include "publish/html.h"

namespace proctor::publish {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \n\r\t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \n\r\t") - first + 1);
}

// Takes the next line off the text.
std::string_view next_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

// The parts of evidence.md, one open at a time.
class Blocks {
public:
    void add(std::string_view line) {
        if (line.starts_with("# ")) return;  // the page has the title
        if (line.starts_with("## ")) return heading(line.substr(3));
        if (line.starts_with("- ")) return item(line.substr(2));
        if (trimmed(line).empty()) return close();
        text_ += (text_.empty() ? "" : " ") + std::string(trimmed(line));
    }
    std::string finish() {
        close();
        return std::move(html_);
    }

private:
    void heading(std::string_view text) {
        close();
        html_ += element("h4", trimmed(text)) + "\n";
    }
    void item(std::string_view text) {
        if (in_list_)
            html_ += element("li", text_) + "\n";
        else
            close();
        if (!in_list_) html_ += "<ul>\n";
        in_list_ = true;
        text_ = trimmed(text);
    }
    void close() {
        if (!text_.empty()) html_ += element(in_list_ ? "li" : "p", text_) + "\n";
        if (in_list_) html_ += "</ul>\n";
        in_list_ = false;
        text_.clear();
    }

    std::string html_, text_;
    bool in_list_ = false;
};

}  // namespace

std::string section_of(std::string_view evidence, std::string_view heading) {
    std::string section;
    bool inside = false;
    while (!evidence.empty()) {
        const auto line = next_line(evidence);
        if (line.starts_with("## ")) {
            inside = trimmed(line.substr(3)) == heading;
        } else if (inside) {
            section.append(line).append("\n");
        }
    }
    return std::string(trimmed(section));
}

std::string evidence_html(std::string_view evidence) {
    Blocks blocks;
    while (!evidence.empty()) blocks.add(next_line(evidence));
    return blocks.finish();
}

}  // namespace proctor::publish
