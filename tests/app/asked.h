// A real request, asked as the server asks it, whole or with one value changed: with its data in prefetch, or with the
// same data on the EHR's FHIR server. It says which alarms a value is not part of.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "app/answer_hook.h"
#include "hooks/prefetch_query.h"
#include "hooks/shipped.h"
#include "support/json_places.h"

namespace proctor::app {

inline const fhir::Instant k_now = fhir::read_instant("2026-06-15T12:00:00Z").value();
inline constexpr const char* k_base = "https://ehr.example/fhir";

inline std::string read_fixture(const std::string& name) {
    std::ifstream in(PROCTOR_SOURCE_DIR "/fhir-fixtures/" + name, std::ios::binary);
    EXPECT_TRUE(in) << name;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

using hooks::testing::engine;

inline const hooks::Service& alarms() { return *hooks::find_service(hooks::k_service_id); }

using Answer = std::variant<hooks::Answered, hooks::Refusal>;

// Has the values of a request's prefetch as its replies.
class PrefetchServer final : public outbound::Outbound {
public:
    explicit PrefetchServer(const std::string& patient) {
        for (const auto& search : hooks::searches_of(alarms(), {}, fhir::Version::r4)) {
            std::string query = search.query;
            query.replace(query.find(hooks::k_patient_token), hooks::k_patient_token.size(), patient);
            keys_[std::string(k_base) + '/' + query] = search.key;
        }
    }
    std::vector<outbound::Fetched> get(const std::vector<outbound::Get>& requests, SteadyTime) override {
        std::vector<outbound::Fetched> fetched;
        for (const auto& request : requests) {
            const auto key = keys_.find(request.url);
            const auto reply = key == keys_.end() ? replies.end() : replies.find(key->second);
            if (reply == replies.end())
                fetched.emplace_back(outbound::Failure::missing);
            else
                fetched.emplace_back(outbound::Reply{reply->second, {}});
        }
        return fetched;
    }
    std::map<std::string, std::string> replies;  // by prefetch key

private:
    std::map<std::string, std::string> keys_;  // by address
};

class Asked {
public:
    enum class From : std::uint8_t { prefetch, server };

    Asked(std::string request, From from)
        : request_(std::move(request)), from_(from), places_(support::JsonPlaces::of(request_)) {
        const fhir::PaddedJson json(request_);
        auto read = hooks::read_request(engine(), {}, json, hooks::k_service_id);
        const auto* document = std::get_if<fhir::HookDocument>(&read);
        EXPECT_NE(document, nullptr) << "the request itself is refused";
        if (document == nullptr) return;
        server_.emplace(document->envelope.patientId);
        for (const auto& place : places_) {
            if (is_search(place.pointer)) server_->replies[key_of(place.pointer)] = place.in(request_);
        }
        without_prefetch_ = without_prefetch(request_);
        note_alarms(hooks::answer_document(engine(), {}, *document, k_now), document->record);
    }

    [[nodiscard]] const std::vector<support::JsonPlace>& places() const { return places_; }

    [[nodiscard]] Answer with(const support::JsonPlace& place, std::string_view value) {
        const std::string changed = support::replaced(request_, place, value);
        if (from_ == From::prefetch) return ask(changed);
        const std::string key = key_of(place.pointer);
        if (key.empty()) return ask(without_prefetch(changed));
        const auto whole = find("/prefetch/" + key);
        const std::string reply = server_->replies[key];
        server_->replies[key] = changed.substr(whole.first, whole.size + changed.size() - request_.size());
        auto answer = ask(without_prefetch_);
        server_->replies[key] = reply;
        return answer;
    }

    // Codes of rules that fire whatever the value is: it is no part of what they found.
    [[nodiscard]] std::vector<std::string> apart_from(const std::string& pointer) const {
        std::vector<std::string> codes;
        for (const auto& [rule, resources] : evidence_) {
            const auto touches = [&](const std::string& at) {
                return is_at_or_below(at, pointer) || is_at_or_below(pointer, at);
            };
            if (std::none_of(resources.begin(), resources.end(), touches)) codes.push_back(rule);
        }
        return codes;
    }
    [[nodiscard]] std::vector<std::string> all_alarms() const { return apart_from("/none"); }

    static bool is_at_or_below(std::string_view pointer, std::string_view other) {
        return pointer.starts_with(other) && (pointer.size() == other.size() || pointer[other.size()] == '/');
    }
    static bool is_search(std::string_view pointer) {
        return pointer.starts_with("/prefetch/") && pointer.find('/', sizeof "/prefetch") == std::string_view::npos;
    }

private:
    Answer ask(const std::string& body) {
        const std::vector<FhirServer> servers{{k_base, false}};
        LogFields fields;
        return answer_hook({engine(), settings_, alarms(), servers, &*server_, k_now, {}}, body, fields);
    }

    // The data are the server's to give; it may be asked for them.
    static std::string without_prefetch(const std::string& request) {
        for (const auto& place : support::JsonPlaces::of(request)) {
            if (place.pointer != "/prefetch") continue;
            const std::string access = std::string(R"({},"fhirServer":")") + k_base +
                                       R"(","fhirAuthorization":{"access_token":"a","token_type":"Bearer",)" +
                                       R"("expires_in":300,"scope":"patient/*.rs","subject":"s"})";
            return support::replaced(request, place, access);
        }
        return request;
    }

    static std::string key_of(const std::string& pointer) {
        if (!pointer.starts_with("/prefetch/")) return {};
        const std::string rest = pointer.substr(sizeof "/prefetch");
        return rest.substr(0, rest.find('/'));
    }

    [[nodiscard]] support::JsonPlace find(const std::string& pointer) const {
        return *std::find_if(places_.begin(), places_.end(), [&](const auto& one) { return one.pointer == pointer; });
    }

    void note_alarms(const hooks::Answered& answered, const fhir::Record& record) {
        for (const auto& fired : answered.outcome.fired) {
            auto& resources = evidence_[engine().content->rules[fired.rule].rule.code];
            resources = {"/prefetch/patient"};
            for (const auto index : fired.evidence) add_resource(record.resources[index].id, resources);
        }
    }
    void add_resource(std::string_view id, std::set<std::string>& into) const {
        const std::string quoted = '"' + std::string(id) + '"';
        for (const auto& place : places_) {
            if (place.pointer.ends_with("/id") && place.in(request_) == quoted)
                into.insert(place.pointer.substr(0, place.pointer.size() - 3));
        }
    }

    hooks::Settings settings_;
    std::string request_, without_prefetch_;
    From from_;
    std::vector<support::JsonPlace> places_;
    std::optional<PrefetchServer> server_;
    std::map<std::string, std::set<std::string>> evidence_;  // by rule: pointers of the resources it fired on
};

}  // namespace proctor::app
