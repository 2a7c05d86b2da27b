// FHIR JSON to Record, in one pass over the bytes, on demand, on simdjson's token index. Only json_walk.cpp includes
// simdjson. It keeps what the rules can need (codes of the table, texts, dates, values), drops the rest
// unread but validated, and never throws. Not clinical: it applies no status or time filter.
//
// Bytes given to a reader are followed by k_padding more (simdjson reads past the end).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/wiped.h"
#include "fhir/code_map.h"
#include "fhir/record.h"

namespace proctor::fhir {

inline constexpr std::size_t k_padding = 64;

// A JSON document ready for reading: its bytes with padding behind them, overwritten at the end. A record read from it
// shares them.
class PaddedJson {
public:
    explicit PaddedJson(std::string bytes);
    [[nodiscard]] std::string_view bytes() const { return {storage_->data(), size_}; }
    [[nodiscard]] const std::shared_ptr<const std::string>& storage() const { return storage_; }

private:
    std::shared_ptr<const std::string> storage_;
    std::size_t size_ = 0;
};

// What the reader is told beside the bytes. Referred to, not copied: both outlive the call.
struct ReadSetup {
    const CodeTable& codes;
    Zone zone;
    const CodeMap* map = nullptr;  // the site's own codes
};

// How the client lets us read from its FHIR server (CDS Hooks 3.0, Passing the Access Token to the CDS Service). A
// member that is missing is empty. expires_in, which some clients write as a string, is not read: the token is used
// within the call or not at all. Never logged, never stored.
struct FhirAuthorization {
    Wiped access_token;
    std::string token_type;  // "Bearer" in whatever case it came
    std::string scope;
    std::string subject;
    std::string patient;  // without a leading "Patient/"
};

// What the envelope of a CDS Hooks request says (CDS Hooks 3.0, HTTP Request). Strings are unescaped.
struct HookEnvelope {
    std::string hook;
    std::string hookInstance;
    std::string fhirServer;  // without trailing slashes
    std::optional<FhirAuthorization> fhirAuthorization;
    std::string patientId;  // context.patientId without a leading "Patient/"
    std::string userId;
    std::string encounterId;              // without a leading "Encounter/"
    std::vector<std::string> selections;  // context.selections, or `selection`, which some clients write
    bool has_selections = false, has_draftOrders = false, has_conditions = false;  // in context, and not null
    std::vector<std::string> context_members;                                      // names of the members of context
    std::vector<std::string> prefetch_members;  // names of the members of prefetch that are supplied, null included
    bool has_prefetch = false;
};

// How one prefetch key came.
struct Search {
    std::string key;
    Source source{};
    Supply supply = Supply::absent;
    std::string next;  // the address of the page that follows, as the server wrote it; a blank when it gave none
};

struct HookDocument {
    HookEnvelope envelope;
    Record record;
    std::vector<Search> searches = {};  // one for each of the keys, in their order
};

// What the service asked a FHIR server for by itself: a search that prefetch did not bring (no page: it failed), or the
// pages that follow what it brought.
struct FetchedSearch {
    std::string key;
    Source source{};
    std::vector<PaddedJson> pages;
    bool whole = false;  // the last page is among them
};

// Prefetch key -> Source, from the client's key map; keys not named here are skipped (validated, unread).
using PrefetchKeys = std::vector<std::pair<std::string, Source>>;

// A whole CDS Hooks request. Errors (each a 400 for the caller; `where` is a JSON Pointer): malformed JSON anywhere in
// the body, skipped parts included; limits of base/limits.h passed; NUL; invalid UTF-8; a duplicate member in the
// envelope (the request object, context, prefetch, fhirAuthorization); an envelope's member of the wrong type. Members
// that are missing are left empty for hooks/request to judge. Wrong shapes inside one FHIR resource never fail the
// request: that resource counts as unreadable. Prefetch null, {} with no resourceType, or a searchset without entries:
// complete and empty. OperationOutcome, or a resource that the search cannot find: failed. Absent: absent. A Bundle
// with a `next` link, fewer matches than its total, or an OperationOutcome of an error or of missing or withheld data
// in it or in its `issues`: partial. The orders of context.draftOrders and the Conditions of context.conditions (a
// Bundle of any type, or a bare list) become drafts; at order-select a selection that names none is an unreadable one.
// `fetched` is read as if it had been prefetched, except that somebody else's resources leave a search partial; what is
// wrong with it never fails the request.
Result<HookDocument> read_hook_request(const PaddedJson& json, const PrefetchKeys& keys, const ReadSetup& setup,
                                       const std::vector<FetchedSearch>& fetched = {});

// The address of the page behind a search's reply; empty: it is the last. Errors: malformed JSON, no Bundle.
Result<std::string> read_next_link(const PaddedJson& json);

// A Bundle of one patient (any type; all sources count as complete), the patient being its first Patient resource.
// Errors as above; also: no Bundle, no Patient.
Result<Record> read_bundle(const PaddedJson& json, const ReadSetup& setup);

// Adds the orders and medications of a Bundle (context.draftOrders) to the record as drafts.
Status add_drafts(Record& record, const PaddedJson& json, const ReadSetup& setup);
// The same of the Conditions of a Bundle (context.conditions).
Status add_draft_conditions(Record& record, const PaddedJson& json, const ReadSetup& setup);

}  // namespace proctor::fhir
