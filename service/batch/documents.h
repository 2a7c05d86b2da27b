// A stream cut into JSON documents: one a line (NDJSON), or one for the whole stream when it spans lines. It reads as
// little ahead as it can and holds one document at a time. It knows nothing of FHIR beyond telling a hook request from
// a resource.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace proctor::batch {

struct Document {
    std::string text;
    std::size_t line = 1;    // where it starts, from 1
    std::size_t end = 0;     // bytes of the stream up to where it ends, its line end with it
    bool too_large = false;  // over limits::k_body_bytes: text is empty, the rest of the line was skipped
};

class Documents {
public:
    explicit Documents(std::istream& input) : input_(input) {}  // refers to input
    // The next document; nothing at the end. Blank lines are skipped.
    [[nodiscard]] std::optional<Document> next();

private:
    std::optional<Document> next_line();
    [[nodiscard]] bool spans_lines(const Document& first);
    void take_rest(Document& document);

    std::istream& input_;
    std::size_t line_ = 0;
    std::size_t taken_ = 0;  // bytes
    bool first_ = true;
    std::optional<Document> ahead_;
};

// Whether the document has the members of a CDS Hooks request rather than those of a FHIR resource. Malformed JSON:
// either answer.
[[nodiscard]] bool is_hook_request(std::string_view json);

}  // namespace proctor::batch
