#include "batch/documents.h"

#include "base/limits.h"

namespace proctor::batch {
namespace {

constexpr std::string_view k_blank = " \t\r\n";

bool is_blank(std::string_view text) { return text.find_first_not_of(k_blank) == std::string_view::npos; }

// A walk over JSON text that sees strings and nesting, and nothing else.
class Scan {
public:
    explicit Scan(std::string_view json) : json_(json) {}

    // Nesting after the whole text; a text that ends inside a string is not balanced.
    [[nodiscard]] bool is_balanced() {
        while (step()) {
        }
        return depth_ == 0 && !unfinished_string_;
    }

    // The name of the next member of the outermost object; empty at the end.
    [[nodiscard]] std::string_view next_member() {
        while (step()) {
            if (depth_ != 1 || last_string_.data() == nullptr) continue;
            const auto after = json_.find_first_not_of(k_blank, at_);
            if (after != std::string_view::npos && json_[after] == ':') return last_string_;
        }
        return {};
    }

private:
    bool step() {
        last_string_ = {};
        if (at_ >= json_.size()) return false;
        const char c = json_[at_++];
        if (c == '{' || c == '[') ++depth_;
        if (c == '}' || c == ']') --depth_;
        if (c == '"') read_string();
        return true;
    }

    void read_string() {
        const std::size_t start = at_;
        while (at_ < json_.size() && json_[at_] != '"') at_ += json_[at_] == '\\' ? 2 : 1;
        unfinished_string_ = at_ >= json_.size();
        if (unfinished_string_) return;
        last_string_ = json_.substr(start, at_ - start);
        ++at_;
    }

    std::string_view json_;
    std::string_view last_string_;
    std::size_t at_ = 0;
    long depth_ = 0;
    bool unfinished_string_ = false;
};

// A line that ends so goes on: no document on one line does.
bool ends_open(std::string_view line) {
    const auto last = line.find_last_not_of(k_blank);
    return last != std::string_view::npos && std::string_view("{[,:").find(line[last]) != std::string_view::npos;
}

bool starts_document(std::string_view line) { return line[line.find_first_not_of(k_blank)] == '{'; }

}  // namespace

std::optional<Document> Documents::next_line() {
    std::streambuf* bytes = input_.rdbuf();
    constexpr auto k_end = std::istream::traits_type::eof();
    while (bytes != nullptr) {
        Document document;
        document.line = ++line_;
        auto c = bytes->sbumpc();
        if (c == k_end) return std::nullopt;
        for (; c != k_end && c != '\n'; c = bytes->sbumpc(), ++taken_) {
            if (document.text.size() < limits::k_body_bytes)
                document.text += static_cast<char>(c);
            else
                document.too_large = true;
        }
        if (c != k_end) ++taken_;
        document.end = taken_;
        if (document.too_large) document.text.clear();
        if (document.too_large || !is_blank(document.text)) return document;
    }
    return std::nullopt;
}

// A first line that is no whole document begins one that spans lines, unless the next line begins a document
// of its own: then the first is merely broken.
bool Documents::spans_lines(const Document& first) {
    if (first.too_large || Scan(first.text).is_balanced()) return false;
    if (ends_open(first.text)) return true;
    ahead_ = next_line();
    return ahead_ && !ahead_->too_large && !starts_document(ahead_->text);
}

void Documents::take_rest(Document& document) {
    for (auto line = ahead_ ? std::exchange(ahead_, std::nullopt) : next_line(); line; line = next_line()) {
        document.end = line->end;
        const bool fits = !line->too_large && document.text.size() + line->text.size() < limits::k_body_bytes;
        if (!fits) document.too_large = true;
        if (!document.too_large) document.text.append("\n").append(line->text);
    }
    if (document.too_large) document.text.clear();
}

std::optional<Document> Documents::next() {
    if (ahead_) return std::exchange(ahead_, std::nullopt);
    auto document = next_line();
    if (document && std::exchange(first_, false) && spans_lines(*document)) take_rest(*document);
    return document;
}

bool is_hook_request(std::string_view json) {
    Scan scan(json);
    for (auto name = scan.next_member(); name.data() != nullptr; name = scan.next_member()) {
        if (name == "resourceType") return false;
        if (name == "hook" || name == "hookInstance" || name == "context" || name == "prefetch") return true;
    }
    return false;
}

}  // namespace proctor::batch
