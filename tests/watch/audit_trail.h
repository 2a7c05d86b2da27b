// Audit trails of tests: their keys, their lines, and what a check says of them.
#pragma once

#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/manual_clock.h"
#include "watch/audit.h"
#include "watch/audit_verify.h"

namespace proctor::watch {

// RFC 8032 section 7.1, test 2, and another.
inline constexpr const char* k_audit_pem =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
    "-----END PRIVATE KEY-----\n";
inline constexpr const char* k_audit_public_pem =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr const char* k_other_pem =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguvSE9OxJLscEROxpezO2kZXesyuq6n9g\n"
    "-----END PRIVATE KEY-----\n";

inline AuditKey audit_key(const char* pem = k_audit_pem) { return AuditKey::read(pem).value(); }

inline std::unique_ptr<Audit> open_trail(const std::string& path, const Clock& clock, bool with_key = true) {
    AuditOptions options{path, {"https://cds.example", "host-1"}, {}};
    if (with_key) options.key = audit_key();
    return Audit::open(std::move(options), clock).value();
}

inline LogFields hook_call(int status = 200) {
    LogFields fields;
    fields.status = status;
    fields.service = "anorectal";
    fields.client = "north";
    return fields;
}

inline std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
}

// Without their line feeds.
inline std::vector<std::string> lines_of(const std::string& path) {
    std::istringstream text(read_file(path));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

inline std::string join(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + '\n';
    return text;
}

// "OK", or what is wrong, with the file's name as "trail".
inline std::string check_files(const std::vector<std::string>& files,
                               AuditExpected expected = {{audit_key()}, {}, {}}) {
    AuditVerifier verifier(std::move(expected));
    for (const auto& file : files) {
        const auto read = verifier.read(file);
        if (!read) return "trail" + read.error().where.substr(file.size()) + ": " + read.error().message;
    }
    const auto whole = verifier.finish();
    return whole ? "OK" : whole.error().message;
}

inline Place end_of(const std::vector<std::string>& files) {
    AuditVerifier verifier({});
    for (const auto& file : files) (void)verifier.read(file);
    return verifier.found().place;
}

}  // namespace proctor::watch
