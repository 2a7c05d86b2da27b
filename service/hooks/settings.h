// What a site or client may set about answers. Values only; read by app/config.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fhir/instant.h"
#include "fhir/read.h"

#include "rules/site.h"

namespace proctor::hooks {

// Whose product the client is; what that means is in hooks/ehr_profile.h.
enum class Ehr : std::uint8_t { plain, epic, oracle };

struct Settings {
    std::string client, tenant;  // part of a card's identity
    std::string systemBase =
        "https://proctor.example/fhir";  // CodeSystem URIs are built on it; fixed for ever once live
    std::string sourceUrl;               // absolute; empty: left out
    std::string profile = "guideline";   // or "seed"
    std::string region = "UK";           // or "US"
    fhir::Zone zone;
    std::optional<fhir::Version> fhirVersion;  // of what is asked for and suggested; nothing: as the chart's shape says
    std::string rulesUrl;  // absolute page about the rules, "#ADC-12" is added; empty: cards have no link
    Ehr ehr = Ehr::plain;
    fhir::PrefetchKeys keys;  // the client's own; empty: default_keys() of the version
    bool demo = false;        // cards are marked DEMO
    rules::SiteChoices site;  // how its charts are read and shown; an Engine is made for it
};

// The prefetch keys of discovery, which differ where a version has other orders. DSTU2 and STU3 ask for orders with
// several searches.
[[nodiscard]] const fhir::PrefetchKeys& default_keys(fhir::Version version = fhir::Version::r4);
// The settings' own keys, or the default ones.
[[nodiscard]] const fhir::PrefetchKeys& prefetch_keys(const Settings& settings);

// A client's own key map: each name with the source that comes under it, called as in cards/README.md ("laboratory").
// Several names may bring one source. Where a version has several searches for a source, its names stand for them in
// the order of default_keys(); fewer names than searches say that what the others would find comes under them, too.
// Error: no such source; a name twice; a name that is not of 1 to 64 letters, digits, '.', '_' or '-', since names are
// repeated in discovery and in refusals. `where` is the name's step of a JSON Pointer.
[[nodiscard]] Result<fhir::PrefetchKeys> read_keys(const std::vector<std::pair<std::string, std::string>>& names);

// Gives a source that the client's own keys leave out the default ones, so that it is asked for and read, too. Nothing
// where the client has no keys of its own.
void complete_keys(Settings& settings);

inline constexpr const char* k_service_id = "anorectal-alarms";

}  // namespace proctor::hooks
