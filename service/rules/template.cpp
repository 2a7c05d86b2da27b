#include "rules/template.h"

#include <optional>

#include "rules/template_render.h"

namespace proctor::rules {
namespace {

constexpr std::string_view k_date = "date:", k_month = "month:";
constexpr std::size_t k_date_length = 10, k_month_length = 7;  // of "YYYY-MM-DD", "YYYY-MM"

bool take(std::string_view& text, std::string_view prefix) {
    if (text.substr(0, prefix.size()) != prefix) return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::optional<std::string> render(std::string_view text, fhir::Instant as_of) {
    if (!take(text, "${") || text.empty() || text.back() != '}') return std::nullopt;
    text.remove_suffix(1);
    const bool date = take(text, k_date);
    const bool month = !date && take(text, k_month);
    const bool before = take(text, "-");
    auto offset = fhir::read_duration(text);
    if (!offset) return std::nullopt;
    const std::string rendered = fhir::print_instant(before ? as_of - *offset : as_of + *offset);
    return rendered.substr(0, date ? k_date_length : month ? k_month_length : rendered.size());
}

Status render_at(Node& node, fhir::Instant as_of, const std::string& pointer) {
    if (node.kind == Node::Kind::string && node.text.starts_with("${")) {
        auto rendered = render(node.text, as_of);
        if (!rendered) return Error{"not a date template such as ${-P3D} or ${date:-P3D}", pointer};
        node.text = *std::move(rendered);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const bool object = node.kind == Node::Kind::object;
        auto done = render_at(node.items[i], as_of, pointer + pointer_step(object ? node.names[i] : std::to_string(i)));
        if (!done) return done;
    }
    return Done{};
}

}  // namespace

Status render_node(Node& node, fhir::Instant as_of) { return render_at(node, as_of, ""); }

Result<std::string> render_template(std::string_view json, fhir::Instant as_of) {
    auto document = parse_json(json);
    if (!document) return document.error();
    if (auto done = render_node(*document, as_of); !done) return done.error();
    return write_json(*document);
}

}  // namespace proctor::rules
