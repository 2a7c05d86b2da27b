#include "fhir/read.h"

#include <algorithm>
#include <bitset>

#include "fhir/read_resource.h"

namespace proctor::fhir {
namespace {

// Reads the request object, context and prefetch. All of it is known by name; what is not is skipped.
class HookReader {
public:
    HookReader(HookDocument& document, const PrefetchKeys& keys, const ReadSetup& setup)
        : envelope_(document.envelope),
          record_(document.record),
          searches_(document.searches),
          keys_(keys),
          walk_(record_.text),
          resources_(record_, walk_, setup) {}

    Status read(const PaddedJson& json, const std::vector<FetchedSearch>& fetched) {
        searches_.reserve(keys_.size());
        for (const auto& [key, source] : keys_) searches_.push_back({key, source, Supply::absent, {}});
        std::vector<std::string_view> names;
        const auto status = walk_.read(json, [&](JsonValue& root) {
            root.members([&](std::string_view name, JsonValue& value) {
                names.push_back(name);
                read_member(name, value);
            });
        });
        if (!status) return status.error();
        if (repeats(std::move(names))) return Error{"a duplicate member", ""};
        if (repeats(views(envelope_.context_members))) return Error{"a duplicate member", "/context"};
        if (repeats(views(envelope_.prefetch_members))) return Error{"a duplicate member", "/prefetch"};
        for (const auto& search : fetched) read_fetched(search);
        supply_sources();
        resources_.select(envelope_.selections);
        resources_.settle({envelope_.patientId, {}});
        miss_patient();
        return Done{};
    }

private:
    static std::vector<std::string_view> views(const std::vector<std::string>& names) {
        return {names.begin(), names.end()};
    }

    static bool repeats(std::vector<std::string_view> names) {
        std::ranges::sort(names);
        return std::ranges::adjacent_find(names) != names.end();
    }

    void read_member(std::string_view name, JsonValue& value) {
        if (name == "hook") return read_text(value, envelope_.hook, "/hook");
        if (name == "hookInstance") return read_text(value, envelope_.hookInstance, "/hookInstance");
        if (name == "fhirServer") return read_server(value);
        if (name == "context") return read_context(value);
        if (name == "prefetch") return read_prefetch(value);
        if (name == "fhirAuthorization" && !value.is_null()) return read_authorization(value);
    }

    void read_text(JsonValue& value, std::string& into, std::string_view pointer) {
        if (value.is_null()) return;
        if (!value.is_string()) return walk_.fail("not a string", pointer);
        into = value.text();
    }

    void read_server(JsonValue& value) {
        read_text(value, envelope_.fhirServer, "/fhirServer");
        while (envelope_.fhirServer.ends_with('/')) envelope_.fhirServer.pop_back();
    }

    void read_authorization(JsonValue& value) {
        auto& into = envelope_.fhirAuthorization.emplace();
        std::vector<std::string_view> names;
        walk_.at("/fhirAuthorization");
        const bool object = value.members([&](std::string_view name, JsonValue& member) {
            names.push_back(name);
            if (name == "access_token")
                return read_text(member, into.access_token.text, "/fhirAuthorization/access_token");
            if (name == "token_type") return read_text(member, into.token_type, "/fhirAuthorization/token_type");
            if (name == "scope") return read_text(member, into.scope, "/fhirAuthorization/scope");
            if (name == "subject") return read_text(member, into.subject, "/fhirAuthorization/subject");
            if (name == "patient") return read_text(member, into.patient, "/fhirAuthorization/patient");
        });
        if (!object) walk_.fail("not an object", "/fhirAuthorization");
        if (repeats(std::move(names))) walk_.fail("a duplicate member", "/fhirAuthorization");
        if (is_bearer(into.token_type)) into.token_type = "Bearer";
        drop_type(into.patient, "Patient/");
        walk_.at("");
    }

    static bool is_bearer(std::string_view type) {
        return std::ranges::equal(type, std::string_view("bearer"), [](char a, char b) { return (a | 0x20) == b; });
    }

    void read_context(JsonValue& value) {
        walk_.at("/context");
        const bool object = value.members([&](std::string_view name, JsonValue& member) {
            envelope_.context_members.emplace_back(name);
            if (name == "patientId")
                read_text(member, envelope_.patientId, "/context/patientId");
            else if (name == "userId")
                read_text(member, envelope_.userId, "/context/userId");
            else if (name == "encounterId")
                read_text(member, envelope_.encounterId, "/context/encounterId");
            else if (!member.is_null())
                read_written(name, member);
        });
        if (!object && !value.is_null()) walk_.fail("not an object", "/context");
        drop_type(envelope_.patientId, "Patient/");
        drop_type(envelope_.encounterId, "Encounter/");
        walk_.at("");
    }

    static void drop_type(std::string& id, std::string_view type) {
        if (id.starts_with(type)) id.erase(0, type.size());
    }

    // What the clinician is writing.
    void read_written(std::string_view name, JsonValue& value) {
        if (name == "draftOrders") {
            envelope_.has_draftOrders = true;
            read_drafts(value, Draft::order, "/context/draftOrders");
        } else if (name == "conditions") {
            envelope_.has_conditions = true;
            read_drafts(value, Draft::condition, "/context/conditions");
        } else if (name == "selections" || name == "selection") {
            envelope_.has_selections = true;
            read_selections(value);
        }
    }

    void read_drafts(JsonValue& value, Draft draft, std::string_view pointer) {
        bool usable = true;
        const auto read_one = [&](JsonValue& one) {
            usable = resources_.read(one, {std::nullopt, draft, false}) != Supply::failed && usable;
        };
        if (!value.elements(read_one)) read_one(value);
        if (!usable && !walk_.failed()) walk_.fail("not a Bundle", pointer);
    }

    void read_selections(JsonValue& value) {
        constexpr std::string_view k_pointer = "/context/selections";
        const auto read_one = [&](JsonValue& one) { read_text(one, envelope_.selections.emplace_back(), k_pointer); };
        if (!value.elements(read_one)) read_one(value);
    }

    void read_prefetch(JsonValue& value) {
        walk_.at("/prefetch");
        envelope_.has_prefetch = value.members([&](std::string_view name, JsonValue& member) {
            envelope_.prefetch_members.emplace_back(name);
            const auto search = std::ranges::find(searches_, name, &Search::key);
            if (search != searches_.end()) read_search(*search, member);
        });
        if (!envelope_.has_prefetch && !value.is_null()) walk_.fail("not an object", "/prefetch");
        walk_.at("");
    }

    void read_search(Search& search, JsonValue& value) {
        search.supply = value.is_null() ? Supply::complete : resources_.read(value, {search.source, Draft::none, true});
        if (search.supply == Supply::partial) search.next = resources_.next();
    }

    void read_fetched(const FetchedSearch& fetched) {
        auto search = std::ranges::find(searches_, fetched.key, &Search::key);
        if (search == searches_.end())
            search = searches_.insert(searches_.end(), {fetched.key, fetched.source, Supply::absent, {}});
        // Nothing, something or all of what there is.
        bool some = search->supply == Supply::partial;
        bool all = fetched.whole && !(some && search->next.empty());
        for (const auto& page : fetched.pages) {
            const auto supply = read_page(fetched.source, page);
            some = some || supply != Supply::failed;
            all = all && supply == Supply::complete;
        }
        search->supply = all ? Supply::complete : some ? Supply::partial : Supply::failed;
    }

    // Of one page: complete, though others follow it; partial when it says itself that something is missing.
    Supply read_page(Source source, const PaddedJson& page) {
        auto supply = Supply::failed;
        const auto status = walk_.read(page, [&](JsonValue& root) {
            supply = resources_.read(root, {source, Draft::none, false, true});
        });
        if (!status) return Supply::failed;
        const bool more = supply == Supply::partial && !resources_.next().empty() && !resources_.was_grave();
        return more ? Supply::complete : supply;
    }

    // A source that comes in several searches is complete only if each of them is.
    void supply_sources() {
        std::bitset<k_sources> begun;
        for (const auto& search : searches_) {
            const auto index = static_cast<std::size_t>(search.source);
            auto& supply = record_.supply[index];
            supply = begun[index] ? supply_of_both(supply, search.supply) : search.supply;
            begun[index] = true;
        }
    }

    // A Patient that the client looked for and did not find is as little a patient as one that was not supplied.
    void miss_patient() {
        auto& supply = record_.supply[static_cast<std::size_t>(Source::patient)];
        if (!resources_.found_patient() && supply != Supply::failed) supply = Supply::absent;
    }

    static Supply supply_of_both(Supply one, Supply other) {
        if (one == other) return one;
        const bool none = std::max(one, other) <= Supply::failed;
        return none ? Supply::failed : Supply::partial;
    }

    HookEnvelope& envelope_;
    Record& record_;
    std::vector<Search>& searches_;
    const PrefetchKeys& keys_;
    JsonWalk walk_;
    ResourceReader resources_;
};

Status read_root_bundle(const PaddedJson& json, JsonWalk& walk, ResourceReader& resources, const Place& place) {
    Supply supply = Supply::failed;
    const auto status = walk.read(json, [&](JsonValue& root) { supply = resources.read(root, place); });
    if (!status) return status.error();
    if (!resources.was_bundle()) return Error{"not a Bundle", ""};
    if (supply == Supply::failed) return Error{"not a list", "/entry"};
    return Done{};
}

Status add_drafts_as(Draft draft, Record& record, const PaddedJson& json, const ReadSetup& setup) {
    JsonWalk walk(record.text);
    ResourceReader resources(record, walk, setup);
    const auto status = read_root_bundle(json, walk, resources, {std::nullopt, draft, false});
    if (!status) return status.error();
    resources.settle({record.patient.id, {}});
    return Done{};
}

}  // namespace

Result<HookDocument> read_hook_request(const PaddedJson& json, const PrefetchKeys& keys, const ReadSetup& setup,
                                       const std::vector<FetchedSearch>& fetched) {
    HookDocument document;
    const auto status = HookReader(document, keys, setup).read(json, fetched);
    if (!status) return status.error();
    return document;
}

Result<std::string> read_next_link(const PaddedJson& json) {
    TextArena arena;
    JsonWalk walk(arena);
    std::string next;
    bool bundle = false;
    const auto status = walk.read(json, [&](JsonValue& root) {
        root.members([&](std::string_view name, JsonValue& member) {
            if (name == "resourceType") bundle = member.text() == "Bundle";
            if (name == "link") next = read_next(member);
        });
    });
    if (!status) return status.error();
    if (!bundle) return Error{"not a Bundle", ""};
    return next;
}

Result<Record> read_bundle(const PaddedJson& json, const ReadSetup& setup) {
    Record record;
    record.supply.fill(Supply::complete);
    JsonWalk walk(record.text);
    ResourceReader resources(record, walk, setup);
    const auto status = read_root_bundle(json, walk, resources, {});
    if (!status) return status.error();
    const auto patient = resources.first_patient();
    if (!patient) return Error{"no Patient in the Bundle", ""};
    if (patient->id.empty() && patient->full_url.empty()) return Error{"the Patient has no id", ""};
    resources.settle(*patient);
    return record;
}

Status add_drafts(Record& record, const PaddedJson& json, const ReadSetup& setup) {
    return add_drafts_as(Draft::order, record, json, setup);
}

Status add_draft_conditions(Record& record, const PaddedJson& json, const ReadSetup& setup) {
    return add_drafts_as(Draft::condition, record, json, setup);
}

}  // namespace proctor::fhir
