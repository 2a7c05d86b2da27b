#include "store/table.h"

#include <utility>

#include "base/json.h"

namespace proctor::store {
namespace {

std::string csv_line(const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    return line + "\r\n";
}

}  // namespace

std::string csv_cell(const std::string& text) {
    const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
    std::string cell = (formula ? "'" : "") + text;
    if (cell.find_first_of("\",\r\n") == std::string::npos) return cell;
    for (auto at = cell.find('"'); at != std::string::npos; at = cell.find('"', at + 2)) cell.insert(at, 1, '"');
    return '"' + cell + '"';
}

Table::Table(ExportFormat format, std::vector<std::string> columns, const Sink& sink)
    : format_(format), columns_(std::move(columns)), sink_(sink) {}

Status Table::begin() { return format_ == ExportFormat::csv ? put(csv_line(columns_)) : Status(Done{}); }

Status Table::row(const std::vector<std::string>& cells) {
    if (format_ == ExportFormat::csv) return put(csv_line(cells));
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < columns_.size(); ++i) object[columns_[i]] = cells[i];
    return put(object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n');
}

Status Table::put(const std::string& line) {
    if (!sink_(line)) return Error{"the export cannot be written", ""};
    return Done{};
}

}  // namespace proctor::store
