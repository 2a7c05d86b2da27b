#include "watch/audit_verify.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "watch/line_reader.h"

namespace proctor::watch {
namespace {

// Processes that write in turn each count on their own.
constexpr std::uint64_t k_most_unsigned = 2 * limits::k_audit_head_lines;

class OpenFile {
public:
    explicit OpenFile(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~OpenFile() {
        if (file_ >= 0) ::close(file_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    [[nodiscard]] int get() const { return file_; }

private:
    int file_;
};

}  // namespace

AuditVerifier::AuditVerifier(AuditExpected expected) : expected_(std::move(expected)) {
    if (expected_.after) found_.place = *expected_.after;
}

Status AuditVerifier::read(const std::string& path) {
    const OpenFile file(path);
    if (file.get() < 0) return Error{"cannot be read", path};
    LineReader lines(file.get(), 0);
    for (std::size_t number = 1; const auto read = lines.next(); ++number) {
        const std::string where = path + ':' + std::to_string(number);
        if (read->end == LineReader::End::none) return Error{"the line has no end", where};
        if (read->end == LineReader::End::long_) return Error{"the line is longer than any of an audit trail", where};
        if (auto taken = take(read->text); !taken) return Error{taken.error().message, where};
    }
    if (lines.failed()) return Error{"cannot be read", path};
    return Done{};
}

Status AuditVerifier::take(std::string_view text) {
    const auto line = read_line(text);
    if (!line) return Error{"the line was changed", ""};
    if (auto followed = follow(found_.place, *line); !followed) return followed;
    if (expected_.known && expected_.known->n == line->n && expected_.known->hash != line->hash)
        return Error{"it is not the line that was noted earlier", ""};
    if (auto checked = check_head(*line); !checked) return checked;
    ++(line->head ? found_.heads : found_.events);
    if (found_.first.empty()) found_.first = line->recorded;
    found_.last = line->recorded;
    return Done{};
}

Status AuditVerifier::check_head(const Line& line) const {
    if (expected_.keys.empty()) return Done{};
    if (!line.head) {
        const bool many = found_.heads > 0 && line.n - found_.place.head > k_most_unsigned;
        return many ? Status(Error{"signed heads are missing before it", ""}) : Status(Done{});
    }
    const auto& head = *line.head;
    const auto same = [&](const AuditKey& key) { return key.id() == head.key; };
    const auto key = std::find_if(expected_.keys.begin(), expected_.keys.end(), same);
    if (key == expected_.keys.end()) return Error{"the head is signed with another key, " + std::string(head.key), ""};
    if (!key->verify(head.signed_text, head.signature)) return Error{"the head's signature is wrong", ""};
    return Done{};
}

// What was noted is not among the lines; the line before them may be it.
Status AuditVerifier::check_begin() const {
    const auto& [keys, after, known] = expected_;
    if (!known || !after || known->n > after->n) return Done{};
    if (known->n < after->n)
        return Error{"line " + std::to_string(known->n) + " was noted earlier, and these files begin after line " +
                         std::to_string(after->n),
                     ""};
    return known->hash == after->hash ? Status(Done{})
                                      : Error{"they do not go on from the line that was noted earlier", ""};
}

Status AuditVerifier::finish() const {
    const auto& known = expected_.known;
    if (found_.events + found_.heads == 0) return Error{"there is no line in it", ""};
    if (auto begins = check_begin(); !begins) return begins;
    if (known && known->n > found_.place.n)
        return Error{"the trail ends at line " + std::to_string(found_.place.n) + ", and line " +
                         std::to_string(known->n) + " was noted earlier: its end was cut off",
                     ""};
    if (!expected_.keys.empty() && found_.heads == 0) return Error{"there is no signed head", ""};
    return Done{};
}

}  // namespace proctor::watch
