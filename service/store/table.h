// Rows of texts as CSV or as lines of JSON, for people's own tools. It knows nothing of what they say.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace proctor::store {

// Takes the next bytes. False: it cannot.
using Sink = std::function<bool(std::string_view)>;

enum class ExportFormat : std::uint8_t {
    csv,     // RFC 4180, with a header
    ndjson,  // an object a line, with the same fields
};

// A CSV cell that a spreadsheet would take for a formula gets an apostrophe before it.
[[nodiscard]] std::string csv_cell(const std::string& text);

class Table final {
public:
    // Refers to the sink.
    Table(ExportFormat format, std::vector<std::string> columns, const Sink& sink);
    // The header of a CSV; once, before the rows.
    [[nodiscard]] Status begin();
    // One cell a column. Error: the sink took no more.
    [[nodiscard]] Status row(const std::vector<std::string>& cells);

private:
    [[nodiscard]] Status put(const std::string& line);

    const ExportFormat format_;
    const std::vector<std::string> columns_;
    const Sink& sink_;
};

}  // namespace proctor::store
