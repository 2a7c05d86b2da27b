#include "chart.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "base/json.h"
#include "hooks/settings.h"
#include "rules/template.h"

namespace proctor::bench {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Fixture {
    std::string name;
    std::string text;
};

std::vector<Fixture> fixtures() {
    std::vector<Fixture> found;
    for (const auto& file : fs::directory_iterator(PROCTOR_SOURCE_DIR "/fhir-fixtures/patients")) {
        std::ifstream in(file.path(), std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        found.push_back({file.path().stem(), text.str()});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return found;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

std::string key_of(const Json& resource) {
    static const std::map<std::string, std::string> types{{"Condition", "conditions"},
                                                          {"Procedure", "procedures"},
                                                          {"ServiceRequest", "serviceRequests"},
                                                          {"Encounter", "encounters"},
                                                          {"MedicationRequest", "medicationRequests"},
                                                          {"Medication", "medicationRequests"},
                                                          {"MedicationStatement", "medicationStatements"},
                                                          {"MedicationAdministration", "medicationAdministrations"}};
    const auto type = resource.at("resourceType").get<std::string>();
    if (type == "Observation") {
        const auto category = resource.at("category").at(0).at("coding").at(0).at("code").get<std::string>();
        return category == "vital-signs" ? "vitalSigns" : category;
    }
    const auto found = types.find(type);
    return found == types.end() ? "" : found->second;
}

Json bound(double value, const Json& quantity) {
    Json out = quantity;
    out["value"] = value;
    return out;
}

void add_to_observation(Json& resource, const std::string& written) {
    resource["encounter"] = {{"reference", "Encounter/e1"}};
    resource["issued"] = written;
    resource["performer"] = Json::array({{{"reference", "Organization/lab-1"}, {"display", "Central laboratory"}}});
    if (!resource.contains("valueQuantity")) return;
    const auto& quantity = resource["valueQuantity"];
    resource["referenceRange"] =
        Json::array({{{"low", bound(12.5, quantity)}, {"high", bound(160.25, quantity)}, {"text", "12.5 - 160.25"}}});
}

void add_as_ehrs_do(Json& resource, const std::string& written) {
    const auto type = resource.at("resourceType").get<std::string>();
    resource["meta"] = {{"versionId", "1"},
                        {"lastUpdated", written},
                        {"profile", Json::array({"http://hl7.org/fhir/StructureDefinition/" + type})}};
    if (type == "Observation") add_to_observation(resource, written);
    if (type == "Condition") {
        resource["text"] = {{"status", "generated"},
                            {"div", "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Entered at the visit</p></div>"}};
        resource["recorder"] = {{"reference", "Practitioner/d1"}, {"display", "Practitioner"}};
    }
    if (type == "MedicationRequest") {
        resource["requester"] = {{"reference", "Practitioner/d1"}};
        resource["dosageInstruction"] =
            Json::array({{{"sequence", 1},
                          {"text", "one daily"},
                          {"timing", {{"repeat", {{"frequency", 1}, {"period", 1}, {"periodUnit", "d"}}}}}}});
    }
}

using Lists = std::map<std::string, std::string>;

// Text that sorts: problems first, so that the smallest chart is about something, then by time.
std::string rank_of(const Json& resource) {
    for (const auto* member : {"effectiveDateTime", "performedDateTime", "authoredOn"})
        if (resource.contains(member)) return resource.at(member).get<std::string>();
    if (resource.at("resourceType") == "Condition") return "A" + resource.value("recordedDate", "");
    return resource.contains("period") ? resource.at("period").value("start", "") : "";
}

// The patient's resources, as many as `chart` takes of each, the newest first.
std::vector<Json> episode_of(const Fixture& fixture, const std::string& name, const Chart& chart, fhir::Instant then) {
    auto text = rules::render_template(fixture.text, then).value();
    replace_all(text, fixture.name, name);
    const auto bundle = Json::parse(text);
    std::vector<Json> resources;
    for (const auto& entry : bundle.at("entry")) {
        if (!key_of(entry.at("resource")).empty()) resources.push_back(entry.at("resource"));
    }
    std::stable_sort(resources.begin(), resources.end(),
                     [](const Json& a, const Json& b) { return rank_of(a) > rank_of(b); });
    if (chart.of_each != 0 && resources.size() > chart.of_each) resources.resize(chart.of_each);
    return resources;
}

// Adds entries until there are as many bytes as the chart wants; whether there is room for more.
bool add_episode(Lists& lists, std::size_t& size, const Chart& chart, std::size_t episode) {
    static const auto all = fixtures();
    const auto first = std::ranges::find(all, chart.first, &Fixture::name) - all.begin();
    const auto then = chart.now - chart.apart * static_cast<int>(episode);
    const auto& fixture = all[(static_cast<std::size_t>(first) + episode) % all.size()];
    for (auto& resource : episode_of(fixture, "e" + std::to_string(episode), chart, then)) {
        auto& list = lists[key_of(resource)];
        if (resource.contains("subject")) resource["subject"]["reference"] = "Patient/p1";
        add_as_ehrs_do(resource, fhir::print_instant(then));
        const auto json = Json{{"resource", std::move(resource)}, {"search", {{"mode", "match"}}}}.dump();
        list += (list.empty() ? "" : ",") + json;
        size += json.size() + 1;
        if (size >= chart.bytes) return false;
    }
    return true;
}

}  // namespace

fhir::Instant now() { return fhir::read_instant("2026-06-15T12:00:00Z").value(); }

const fhir::PrefetchKeys& keys() { return hooks::default_keys(); }

std::vector<std::string> patients() {
    std::vector<std::string> names;
    for (const auto& fixture : fixtures()) names.push_back(fixture.name);
    return names;
}

std::string hook_request(const Chart& chart) {
    Lists lists;
    for (const auto& [key, source] : keys()) lists[key];
    std::size_t size = 1'500;
    for (std::size_t episode = 0; add_episode(lists, size, chart, episode);) ++episode;
    std::string json =
        R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{"userId":"Practitioner/d1","patientId":"p1"},"prefetch":{)"
        R"("patient":{"resourceType":"Patient","id":"p1","birthDate":"1961-02-03","gender":"female"})";
    for (const auto& [key, entries] : lists) {
        if (key != "patient")
            json += ",\"" + key + R"(":{"resourceType":"Bundle","type":"searchset","entry":[)" + entries + "]}";
    }
    return json + "}}";
}

}  // namespace proctor::bench
