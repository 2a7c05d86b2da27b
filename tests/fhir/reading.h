// Short ways to write a request or a Bundle in a test of the reader.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "fhir/read.h"

namespace proctor::fhir::reading {

inline const CodeTable& codes() {
    static const CodeTable table = [] {
        CodeTable made;
        const auto add = [&](const char* system, const char* code, CodeUse use, bool prefix = false) {
            made.add({0, use, CodeStrength::strong, system, code, prefix, ""});
        };
        add("http://snomed.info/sct", "405729008", CodeUse::finding);
        add("http://loinc.org", "718-7", CodeUse::question);
        add("http://hl7.org/fhir/sid/icd-10-cm", "K62", CodeUse::finding, true);
        made.build();
        return made;
    }();
    return table;
}

inline const PrefetchKeys& keys() {
    static const PrefetchKeys made{{"patient", Source::patient},
                                   {"conditions", Source::condition},
                                   {"laboratory", Source::laboratory},
                                   {"laboratory2", Source::laboratory},
                                   {"vitals", Source::vital_signs},
                                   {"encounters", Source::encounter},
                                   {"medications", Source::medication_request},
                                   {"procedures", Source::procedure}};
    return made;
}

inline Result<HookDocument> read(const std::string& json) {
    return read_hook_request(PaddedJson(json), keys(), {codes(), Zone{}});
}

inline Result<Record> bundle(const std::string& json) { return read_bundle(PaddedJson(json), {codes(), Zone{}}); }

// A request for patient p1 with these members of prefetch.
inline std::string request(const std::string& prefetch) {
    return R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
           R"("context":{"userId":"Practitioner/1","patientId":"p1"},"prefetch":{)" +
           prefetch + "}}";
}

inline std::string searchset(const std::string& resources) {
    return R"({"resourceType":"Bundle","type":"searchset","entry":[)" + resources + "]}";
}

// A resource r1 of this type with these further members; of p1 where nobody else is said.
inline const std::string k_of_p1 = R"("subject":{"reference":"Patient/p1"})";
inline std::string resource(const std::string& type, const std::string& members, const std::string& subject = k_of_p1) {
    return R"({"resourceType":")" + type + R"(","id":"r1",)" + subject + (members.empty() ? "" : ",") + members + "}";
}

inline std::string entry(const std::string& resource) { return R"({"resource":)" + resource + "}"; }

// The record of a request whose prefetch holds these resources, each under the key of the first source that fits.
inline Record record_of(const std::string& prefetch) {
    auto document = read(request(prefetch));
    EXPECT_TRUE(document) << describe(document.error()) << "\n" << prefetch;
    return document ? std::move(document->record) : Record{};
}

inline Record one(const std::string& key, const std::string& resource) {
    return record_of("\"" + key + "\":" + searchset(entry(resource)));
}

inline Instant at(std::string_view text) { return read_instant(text).value(); }

inline std::string file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace proctor::fhir::reading
