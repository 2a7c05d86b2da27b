#include "hooks/detail.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "hooks/date_words.h"
#include "hooks/found.h"
#include "hooks/quality.h"
#include "hooks/quiet.h"

namespace proctor::hooks {
namespace {

using Lines = std::vector<std::string>;
using Texts = std::vector<std::string_view>;  // of the content

template <typename Line>
void add_section(std::string& detail, std::string_view title, const std::vector<Line>& lines) {
    if (lines.empty()) return;
    if (!detail.empty()) detail += "\n\n";
    detail.append("**").append(title).append("**\n");
    for (const auto& line : lines) detail.append("\n- ").append(line);
}

void add_paragraph(std::string& detail, std::string_view title, const std::string& text) {
    if (text.empty()) return;
    if (!detail.empty()) detail += "\n\n";
    if (!title.empty()) detail.append("**").append(title).append("** ");
    detail += text;
}

// At most `limit` lines; the rest is counted, not dropped in silence.
Lines at_most(Lines lines, std::size_t limit) {
    if (lines.size() <= limit) return lines;
    const std::size_t more = lines.size() - limit;
    lines.resize(limit);
    lines.push_back("and " + std::to_string(more) + " more");
    return lines;
}

template <typename Line>
void add_once(std::vector<Line>& lines, const std::string& line) {
    if (!line.empty() && std::find(lines.begin(), lines.end(), line) == lines.end()) lines.emplace_back(line);
}

Texts what_to_do(const Part& part) {
    Texts lines;
    const auto own = part.loaded->text.rowActs.find(part.row().id);
    if (own != part.loaded->text.rowActs.end()) {
        for (const auto& act : own->second) add_once(lines, act);
    }
    for (const auto& act : part.loaded->text.act) add_once(lines, act);
    return lines;
}

Lines absorbed_lines(const MergedCard& card) {
    Lines lines;
    for (std::size_t i = 1; i < card.parts.size(); ++i) {
        const auto& loaded = *card.parts[i].loaded;
        add_once(lines, loaded.text.absorbed.empty() ? summary_of(card.parts[i]) : loaded.text.absorbed);
    }
    return lines;
}

// A parenthesis would end the Markdown link.
void add_link_target(std::string& line, std::string_view url) {
    for (const char c : url) {
        switch (c) {
            case '(': line += "%28"; break;
            case ')': line += "%29"; break;
            case ' ': line += "%20"; break;
            default: line += c;
        }
    }
}

const std::string& label_of(const rules::Citation& citation) {
    return citation.label.empty() ? citation.citation : citation.label;
}

// Each source once, linked where it has an address.
std::string evidence_line(const std::vector<Part>& parts) {
    std::vector<const rules::Citation*> cited;
    std::string line;
    for (const Part& part : parts) {
        for (const auto& citation : part.rule().relatedArtifact) {
            const std::string& label = label_of(citation);
            const auto same = [&](const auto* one) { return label_of(*one) == label && one->url == citation.url; };
            if (label.empty() || std::ranges::any_of(cited, same)) continue;
            line.append(cited.empty() ? "" : "; ");
            cited.push_back(&citation);
            if (citation.url.empty()) {
                line += label;
                continue;
            }
            line.append("[").append(label).append("](");
            add_link_target(line, citation.url);
            line += ')';
        }
    }
    return line;
}

// What a clinician needs to ask back: rule and version, content, moment.
std::string signature(const ComposeInput& input, const std::string& rules) {
    std::string line = rules + (rules.empty() ? "" : ", ") + "content " + input.content.revision + ", evaluated " +
                       print_date({input.now, input.now}, input.settings.zone) + ' ' +
                       std::string(input.settings.zone.name());
    if (!input.content.manifest.approved) line += ", content not yet approved by a clinician";
    if (input.settings.demo) line += ", DEMO";
    return line;
}

std::string rules_of(const std::vector<Part>& parts) {
    std::string text;
    for (const Part& part : parts) text += (text.empty() ? "" : ", ") + part.rule().code + ' ' + part.rule().version;
    return text;
}

// What the latest answer to this alarm was, where that changes how the card is to be read.
std::string answered_before(const ComposeInput& input, const MergedCard& card) {
    const auto remembered = remember(input, card);
    if (!remembered) return "";
    const fhir::Instant at = remembered->answer.at;
    return "On " + print_date({at, at}, input.settings.zone) + " it was answered \"" + remembered->reason.display +
           "\". " + remembered->reason.note;
}

struct Room {
    std::size_t lines;    // of a section
    std::size_t entries;  // chart entries described for one fact; open checks told in full
};

// The roomiest text that keeps within the limit; the last room is taken as it comes.
template <typename Write>
std::string roomiest(std::initializer_list<Room> rooms, const Write& write) {
    std::string detail;
    for (const Room room : rooms) {
        detail = write(room);
        if (characters(detail) <= limits::k_detail_characters) break;
    }
    return detail;
}

std::string write_with(const ComposeInput& input, const MergedCard& card, const Lines& quiet, Room room) {
    std::string detail;
    detail.reserve(limits::k_detail_characters);
    const Part& lead = card.parts.front();
    add_paragraph(detail, "Answered before", answered_before(input, card));
    add_section(detail, "Found", at_most(found_lines(input, card.parts, room.entries), room.lines));
    add_section(detail, "Not used", at_most(quality_lines(input, card.parts), room.lines));
    add_section(detail, "Also", absorbed_lines(card));
    add_paragraph(detail, "Why it matters", lead.loaded->text.why);
    add_section(detail, "What to do", what_to_do(lead));
    add_section(detail, "Could not check", print_checks(could_not_check(input, card.parts), room.entries));
    add_section(detail, "Not shown again", at_most(quiet, limits::k_cards));
    add_paragraph(detail, "Evidence", evidence_line(card.parts));
    add_paragraph(detail, "", signature(input, rules_of(card.parts)));
    return detail;
}

}  // namespace

std::string summary_of(const Part& part) {
    const auto own = part.loaded->text.rowSummaries.find(part.row().id);
    const bool has_own = own != part.loaded->text.rowSummaries.end();
    return shorten(has_own ? own->second : part.loaded->text.summary, limits::k_summary_characters);
}

std::string write_detail(const ComposeInput& input, const MergedCard& card, const std::vector<MergedCard>& quiet) {
    const Lines lines = quiet_lines(input, quiet);
    return roomiest({{10, 3}, {8, 2}, {6, 1}, {4, 1}}, [&](Room room) { return write_with(input, card, lines, room); });
}

std::string write_gathered_detail(const ComposeInput& input, const std::vector<MergedCard>& gathered) {
    std::vector<Part> parts;
    Lines lines;
    for (const MergedCard& card : gathered) {
        lines.push_back(summary_of(card.parts.front()) + " (" + card.parts.front().rule().code + ')');
        for (const auto& line : absorbed_lines(card)) lines.push_back(line);
        parts.insert(parts.end(), card.parts.begin(), card.parts.end());
    }
    return roomiest({{10, 2}, {8, 1}, {6, 1}, {4, 1}}, [&](Room room) {
        std::string detail;
        add_section(detail, "Also found", lines);
        add_section(detail, "Because of", at_most(found_lines(input, parts, room.entries), room.lines));
        add_section(detail, "Not used", at_most(quality_lines(input, parts), room.lines));
        add_section(detail, "Could not check", print_checks(could_not_check(input, parts), room.entries));
        add_paragraph(detail, "", signature(input, rules_of(parts)));
        return detail;
    });
}

std::string write_not_checked_detail(const ComposeInput& input, const std::vector<OpenCheck>& checks,
                                     const std::vector<MergedCard>& quiet) {
    const Lines lines = at_most(quiet_lines(input, quiet), limits::k_cards);
    return roomiest({{0, 12}, {0, 8}, {0, 5}, {0, 3}}, [&](Room room) {
        std::string detail;
        add_section(detail, "Could not check", print_checks(checks, room.entries));
        add_paragraph(detail, "", "No card on these does not mean that all is well: please look in the chart.");
        add_section(detail, "Not shown again", lines);
        add_paragraph(detail, "", signature(input, ""));
        return detail;
    });
}

}  // namespace proctor::hooks
