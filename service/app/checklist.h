// What `fire` finds out about a service, as a checklist for an interface analyst: a line a step, then what the service
// said. It knows no network and no token.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "app/markdown.h"
#include "outbound/call.h"

namespace proctor::app {

// What came from the service may hold anything: control characters become spaces.
class Checklist final {
public:
    // Refers to the stream.
    Checklist(std::ostream& out, const Screen& screen) : out_(out), screen_(screen) {}

    // `step`: "discovery" or "answer".
    void good(std::string_view step, std::string_view text);
    void note(std::string_view step, std::string_view text);
    void fault(std::string_view step, std::string_view text);
    [[nodiscard]] bool fine() const { return fine_; }  // no fault so far

    // The discovery document: status, form, and whether it lists the service with the hook.
    void judge_discovery(const outbound::Answer& answer, std::string_view id, std::string_view hook);
    // The answer to the hook: status, form and time; then its cards, or why it was refused and where to look.
    void judge_answer(const outbound::Answer& answer);

private:
    [[nodiscard]] bool judge_status(std::string_view step, const outbound::Answer& answer);
    void refused(std::string_view step, const outbound::Answer& answer);
    void line(std::string_view mark, std::string_view step, std::string_view text);

    std::ostream& out_;
    Screen screen_;
    bool fine_ = true;
};

}  // namespace proctor::app
