// Any bytes as what a FHIR server replies, a line a page: nothing outside its base is asked, no end is without end, the
// request is answered all the same, and a search that is not whole never counts as complete.
#include <vector>

#include "base/limits.h"
#include "ehr/complete.h"
#include "fuzz/engine.h"
#include "hooks/hook_table.h"
#include "outbound/url.h"

using namespace proctor;
using namespace proctor::fuzz;

namespace {

constexpr const char* k_base = "https://ehr.example/fhir";
constexpr const char* k_token = "token";
constexpr const char* k_request = R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
                                  R"("context":{"userId":"Practitioner/1","patientId":"p"},"prefetch":{}})";

// Gives the lines in turn, over and over; an empty one is a failure.
class Replies final : public outbound::Outbound {
public:
    explicit Replies(std::string text) {
        while (!text.empty()) {
            auto [line, rest] = split_line(text);
            lines_.push_back(std::move(line));
            text = std::move(rest);
        }
    }
    std::vector<outbound::Fetched> get(const std::vector<outbound::Get>& requests, SteadyTime) override {
        require(++rounds_ <= limits::k_pages);
        std::vector<outbound::Fetched> replies;
        for (const auto& request : requests) {
            const auto url = outbound::parse_url(request.url);
            require(url && url->host == "ehr.example" && url->port == 443 && url->path.starts_with("/fhir/"));
            require(request.base == k_base);
            require(request.bearer == k_token && request.body_bytes <= limits::k_reply_bytes);
            replies.push_back(next());
        }
        return replies;
    }

private:
    outbound::Fetched next() {
        const std::string line = lines_.empty() ? "" : lines_[at_++ % lines_.size()];
        if (line.empty()) return outbound::Failure::status;
        return outbound::Reply{line, {}};
    }

    std::vector<std::string> lines_;
    std::size_t at_ = 0, rounds_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const hooks::Settings settings;
    const fhir::PaddedJson request(k_request);
    const auto first = hooks::read_request(engine(), settings, request, hooks::k_service_id);
    Replies replies(text_of(data, size));
    const auto completion =
        ehr::complete(std::get<fhir::HookDocument>(first), *hooks::find_service(hooks::k_service_id), settings,
                      {k_base, k_token, false}, replies, {});
    const auto read = hooks::read_request(engine(), settings, request, hooks::k_service_id, completion.searches);
    require(std::holds_alternative<fhir::HookDocument>(read));
    const auto& document = std::get<fhir::HookDocument>(read);
    for (const auto& search : completion.searches)
        require(search.whole || document.record[search.source] != fhir::Supply::complete);
    if (const auto refusal = hooks::check_supply(document, hooks::prefetch_keys(settings))) {
        require(refusal->status == 412);
        return 0;
    }
    require_sound(hooks::answer_document(engine(), settings, document, k_now));
    return 0;
}
