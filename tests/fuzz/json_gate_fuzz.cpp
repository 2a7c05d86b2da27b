// Any bytes as JSON, to the three readers of it: of requests, of tokens and of content. None takes what another parser
// refuses, and what the strict ones take is no matter of opinion.

#include "auth/strict_json.h"
#include "base/json.h"
#include "fhir/read.h"
#include "fuzz/input.h"
#include "rules/parse_json.h"

using namespace proctor;
using namespace proctor::fuzz;

namespace {

// The other parser. It refuses what no double holds, such as 1e400, which the readers keep as it is written.
bool is_json(const std::string& text) {
    try {
        return !nlohmann::json::parse(text).is_discarded();
    } catch (const nlohmann::json::out_of_range&) {
        return true;
    } catch (const nlohmann::json::exception&) {
        return false;
    }
}

// As a document, and as a part that is skipped.
void read_request(const std::string& text, bool valid) {
    require(!fhir::read_next_link(fhir::PaddedJson(text)) || valid);
    const std::string around = R"({"resourceType":"Bundle","x":)" + text + "}";
    require(!fhir::read_next_link(fhir::PaddedJson(around)) || is_json(around));
}

void read_content(const std::string& text, bool valid) {
    const auto node = rules::parse_json(text);
    require(!node || valid);
    if (!node) return;
    const std::string written = rules::write_json(*node);
    const auto again = rules::parse_json(written);
    require(again.ok() && rules::write_json(*again) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    const bool valid = is_json(text);
    read_request(text, valid);
    read_content(text, valid);
    const auto strict = auth::parse_strict_object(text);
    require(!strict || (valid && strict->is_object() && text.find('\0') == std::string::npos));
    // What tokens may be made of, content may be, too: both refuse a member twice.
    require(!strict || rules::parse_json(text).ok());
    return 0;
}
