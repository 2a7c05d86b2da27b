// Where the values of a JSON document stand in its text, for tests that put something else there. Any valid JSON; of
// what is not, anything.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace proctor::support {

struct JsonPlace {
    std::size_t first = 0, size = 0;  // of the value's text
    std::string pointer;              // RFC 6901, without escapes
    std::string_view in(std::string_view json) const { return json.substr(first, size); }
};

class JsonPlaces {
public:
    // Every value, those within it after a container; the document first.
    static std::vector<JsonPlace> of(std::string_view json) {
        JsonPlaces places(json);
        places.value("");
        return std::move(places.found_);
    }

private:
    explicit JsonPlaces(std::string_view json) : json_(json) {}

    [[nodiscard]] char peek() {
        at_ = std::min(json_.find_first_not_of(" \t\r\n", at_), json_.size());
        return at_ < json_.size() ? json_[at_] : '\0';
    }

    void value(const std::string& pointer) {
        const char first = peek();
        const std::size_t index = found_.size(), begin = at_;
        found_.push_back({begin, 0, pointer});
        if (first == '{' || first == '[')
            container(first, pointer);
        else if (first == '"')
            string();
        else
            at_ = std::min(json_.find_first_of(",]} \t\r\n", at_), json_.size());
        found_[index].size = at_ - begin;
    }

    void container(char open, const std::string& pointer) {
        const char close = open == '{' ? '}' : ']';
        ++at_;
        for (std::size_t i = 0; peek() != close && peek() != '\0'; ++i) {
            std::string step = std::to_string(i);
            if (open == '{') {
                step = string();
                static_cast<void>(peek());
                ++at_;
            }
            value(pointer + '/' + step);
            if (peek() == ',') ++at_;
        }
        ++at_;
    }

    // Without its quotes.
    std::string string() {
        const std::size_t begin = ++at_;
        while (at_ < json_.size() && json_[at_] != '"') at_ += json_[at_] == '\\' ? 2 : 1;
        return std::string(json_.substr(begin, at_++ - begin));
    }

    std::string_view json_;
    std::size_t at_ = 0;
    std::vector<JsonPlace> found_;
};

// The document with another value in that place.
inline std::string replaced(std::string_view json, const JsonPlace& place, std::string_view value) {
    std::string text;
    text.reserve(json.size() + value.size());
    text.append(json.substr(0, place.first)).append(value).append(json.substr(place.first + place.size));
    return text;
}

}  // namespace proctor::support
