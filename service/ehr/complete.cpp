#include "ehr/complete.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/limits.h"
#include "hooks/prefetch_query.h"
#include "outbound/url.h"

namespace proctor::ehr {
namespace {

// A search on its way: `url` is what is asked next; empty when there is nothing more to ask.
struct Pending {
    fhir::FetchedSearch search;
    std::string url;
};

class Walk {
public:
    Walk(const Access& access, outbound::Outbound& outbound, SteadyTime deadline)
        : access_(access), base_(outbound::parse_url(access.base)), outbound_(outbound), deadline_(deadline) {}

    void add(const hooks::PrefetchQuery& query, const fhir::Search* came, const std::string& patient) {
        Pending pending{{query.key, query.source, {}, false}, {}};
        if (came != nullptr && came->supply == fhir::Supply::complete) return;
        if (came != nullptr && came->supply == fhir::Supply::partial) {
            if (!follows(came->next)) return;
            pending.url = came->next;
        } else {
            pending.url = access_.base + '/' + fill(query.query, patient);
        }
        pending_.push_back(std::move(pending));
    }

    Completion finish() {
        while (ask_round()) {
        }
        for (auto& pending : pending_) completion_.searches.push_back(std::move(pending.search));
        return std::move(completion_);
    }

private:
    static std::string fill(std::string query, const std::string& patient) {
        query.replace(query.find(hooks::k_patient_token), hooks::k_patient_token.size(),
                      outbound::percent_encode(patient));
        return query;
    }

    // A page elsewhere would get the token of this server.
    [[nodiscard]] bool follows(const std::string& next) const {
        const auto url = outbound::parse_url(next);
        return base_ && url && outbound::is_below(*base_, *url);
    }

    // One page of every search that has more; false when none has.
    bool ask_round() {
        std::vector<Pending*> asked;
        std::vector<outbound::Get> requests;
        for (auto& pending : pending_) {
            if (pending.url.empty()) continue;
            asked.push_back(&pending);
            requests.push_back({.url = std::exchange(pending.url, {}),
                                .bearer = std::string(access_.token),
                                .body_bytes = limits::k_reply_bytes,
                                .private_address = access_.private_address,
                                .base = access_.base,
                                .traceparent = access_.traceparent,
                                .client = access_.client});
        }
        if (asked.empty()) return false;
        auto replies = outbound_.get(requests, deadline_);
        for (auto& request : requests) explicit_bzero(request.bearer.data(), request.bearer.size());
        completion_.requests += requests.size();
        for (std::size_t i = 0; i < asked.size(); ++i) take(*asked[i], std::move(replies[i]));
        return true;
    }

    void take(Pending& pending, outbound::Fetched reply) {
        if (const auto* failure = std::get_if<outbound::Failure>(&reply)) {
            ++completion_.failures;
            if (!completion_.failure) completion_.failure = *failure;
            return;
        }
        auto& search = pending.search;
        auto& body = std::get<outbound::Reply>(reply).body;
        bytes_ += body.size();
        const auto& page = search.pages.emplace_back(std::move(body));
        if (search.source == fhir::Source::patient) {
            search.whole = true;
            return;
        }
        const auto next = fhir::read_next_link(page);
        search.whole = next.ok() && next->empty();
        const bool room = search.pages.size() < limits::k_pages && bytes_ < limits::k_fetched_bytes;
        if (next.ok() && room && follows(*next)) pending.url = *next;
    }

    const Access& access_;
    const std::optional<outbound::Url> base_;
    outbound::Outbound& outbound_;
    SteadyTime deadline_;
    std::vector<Pending> pending_;
    std::size_t bytes_ = 0;
    Completion completion_;
};

}  // namespace

Completion complete(const fhir::HookDocument& document, const hooks::Service& service, const hooks::Settings& settings,
                    const Access& access, outbound::Outbound& outbound, SteadyTime deadline) {
    const auto spoken = settings.fhirVersion ? settings.fhirVersion : document.record.version;
    Walk walk(access, outbound, deadline);
    for (const auto& query : hooks::searches_of(service, settings, spoken.value_or(fhir::Version::r4))) {
        const auto came = std::ranges::find(document.searches, query.key, &fhir::Search::key);
        walk.add(query, came == document.searches.end() ? nullptr : &*came, document.envelope.patientId);
    }
    return walk.finish();
}

}  // namespace proctor::ehr
