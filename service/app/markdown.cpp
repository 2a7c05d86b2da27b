#include "app/markdown.h"

#include <array>
#include <cctype>
#include <utility>

#include "base/text.h"

namespace proctor::app {
namespace {

constexpr std::string_view k_bold = "1";

struct Word {
    std::string text;
    bool bold = false;
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// "&lt;" and the like at `at`: the character and what it takes.
std::pair<std::string, std::size_t> read_entity(std::string_view text, std::size_t at) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> k_entities = {{{"&lt;", "<"},
                                                                                          {"&gt;", ">"},
                                                                                          {"&amp;", "&"},
                                                                                          {"&quot;", "\""},
                                                                                          {"&#64;", "@"},
                                                                                          {"&#58;", ":"},
                                                                                          {"&#46;", "."}}};
    for (const auto& [name, character] : k_entities) {
        if (text.compare(at, name.size(), name) == 0) return {std::string(character), name.size()};
    }
    return {"&", 1};
}

// "[label](url)" at `at`: "label (url)" and what it takes; nothing when it is no link.
std::pair<std::string, std::size_t> read_link(std::string_view text, std::size_t at) {
    const auto middle = text.find("](", at);
    const auto end = middle == std::string_view::npos ? middle : text.find(')', middle);
    if (end == std::string_view::npos) return {"", 0};
    std::string shown(text.substr(at + 1, middle - at - 1));
    return {shown.append(" <").append(text.substr(middle + 2, end - middle - 2)).append(">"), end + 1 - at};
}

// Words of one block, without markup.
class Inline {
public:
    explicit Inline(std::string_view text, bool bold = false) : text_(text), heading_(bold) {}

    std::vector<Word> words() {
        while (at_ < text_.size()) step();
        finish_word();
        return std::move(words_);
    }

private:
    void step() {
        const char c = text_[at_];
        if (is_blank(c)) {
            finish_word();
        } else if (c == '\\' && at_ + 1 < text_.size() && std::ispunct(static_cast<unsigned char>(text_[at_ + 1]))) {
            word_ += text_[++at_];
        } else if (text_.compare(at_, 2, "**") == 0) {
            if (!word_.empty()) finish_word_without_blank();
            bold_ = !bold_;
            ++at_;
        } else if (c == '&' || c == '[') {
            const auto [shown, size] = c == '&' ? read_entity(text_, at_) : read_link(text_, at_);
            if (size == 0) word_ += c;
            add_text(shown);
            at_ += size == 0 ? 0 : size - 1;
        } else if (is_shown(c)) {
            word_ += c;
        }
        ++at_;
    }
    [[nodiscard]] bool is_shown(char c) const {
        if (c == '_') return inside_word();
        return c != '*' && c != '`' && static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    }
    [[nodiscard]] bool inside_word() const {
        return at_ > 0 && at_ + 1 < text_.size() && std::isalnum(static_cast<unsigned char>(text_[at_ - 1])) &&
               std::isalnum(static_cast<unsigned char>(text_[at_ + 1]));
    }
    void add_text(const std::string& shown) {
        for (const char c : shown) {
            if (is_blank(c))
                finish_word();
            else
                word_ += c;
        }
    }
    void finish_word() {
        finish_word_without_blank();
        joined_ = false;
    }
    void finish_word_without_blank() {
        if (word_.empty()) return;
        if (joined_ && !words_.empty()) {
            words_.back().text += word_;  // "**Hb**:" is one word
        } else {
            words_.push_back({word_, bold_ || heading_});
        }
        word_.clear();
        joined_ = true;
    }

    std::string_view text_;
    bool heading_;
    std::size_t at_ = 0;
    bool bold_ = false;
    bool joined_ = false;
    std::string word_;
    std::vector<Word> words_;
};

struct Block {
    std::string first, rest;  // what its first and its further lines begin with
};

void wrap(const std::vector<Word>& words, const Block& block, const Screen& screen, std::vector<std::string>& lines) {
    std::string line = block.first;
    std::size_t used = characters(line);
    bool fresh = true;
    for (const Word& word : words) {
        const std::size_t size = characters(word.text);
        if (!fresh && used + 1 + size > screen.width) {
            lines.push_back(std::exchange(line, block.rest));
            used = characters(line);
            fresh = true;
        }
        if (!fresh) line += ' ';
        line += word.bold ? paint(word.text, k_bold, screen) : word.text;
        used += size + (fresh ? 0 : 1);
        fresh = false;
    }
    if (!fresh) lines.push_back(line);
}

// Where a list item's text begins; 0: no item.
std::size_t bullet_size(std::string_view line) {
    std::size_t at = 0;
    while (at < line.size() && is_blank(line[at])) ++at;
    const bool bullet =
        at + 1 < line.size() && (line[at] == '-' || line[at] == '*' || line[at] == '+') && line[at + 1] == ' ';
    return bullet ? at + 2 : 0;
}

void render_line(std::string_view line, const Screen& screen, std::vector<std::string>& lines) {
    if (const auto bullet = bullet_size(line); bullet > 0) {
        const std::string indent(bullet - 2, ' ');
        return wrap(Inline(line.substr(bullet)).words(), {indent + "• ", indent + "  "}, screen, lines);
    }
    const auto hashes = line.find_first_not_of('#');
    const bool heading = hashes != 0 && hashes != std::string_view::npos && line[hashes] == ' ';
    wrap(Inline(heading ? line.substr(hashes + 1) : line, heading).words(), {}, screen, lines);
}

}  // namespace

std::string paint(std::string_view text, std::string_view sgr, const Screen& screen) {
    if (!screen.colour) return std::string(text);
    return std::string("\x1b[").append(sgr).append("m").append(text).append("\x1b[0m");
}

std::vector<std::string> render_markdown(std::string_view markdown, const Screen& screen) {
    std::vector<std::string> lines;
    while (!markdown.empty()) {
        const auto end = markdown.find('\n');
        const std::string_view line = markdown.substr(0, end);
        if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
            render_line(line, screen, lines);
        } else if (!lines.empty() && !lines.back().empty()) {
            lines.emplace_back();
        }
        markdown.remove_prefix(end == std::string_view::npos ? markdown.size() : end + 1);
    }
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
}

}  // namespace proctor::app
