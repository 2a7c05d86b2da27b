// The clinical content as values, exactly as cards/ spells it (cards/README.md is the reference of the language):
// findings, quantities, scores, facts, conditions, orders, rules and their texts. It holds no logic. Names in it are
// resolved and checked by load_content; nothing here refers to a patient.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fhir/code_table.h"
#include "fhir/decimal.h"
#include "fhir/instant.h"
#include "fhir/record.h"
#include "rules/clause_words.h"

namespace proctor::rules {

using fhir::Duration;
using fhir::Micro;

// In place of a window: since the encounter of the request's context began.
inline constexpr Duration k_encounter = Duration::min();

// ---- vocabulary ---------------------------------------------------------------------------------------------------

// cards/valuesets/<id>.json, a FHIR ValueSet; its rows are in Content::codes.
struct ValueSet {
    std::string id;
    std::string url;
    std::string title;
};

// How a weak or residual code comes to count for a finding: by the words of the entry's own text.
struct Settling {
    std::string system;  // with `code`, exactly this code; or
    std::string code;
    std::string valueSet;             // any code of this value set
    std::vector<std::string> words;   // RE2 patterns, any of them, not negated, and the text is more than a title
    std::vector<std::string> titles;  // class titles: a text equal to one of these (or to the display) settles nothing
    bool titleOnly = false;           // counts exactly when the text is one of `titles` and nothing more
    bool alone = false;               // counts without words (a documented exception)
};

// cards/findings.json: one clinical idea, however a chart says it.
// A finding whose entries a card shows only where the site allows their category.
struct Sensitive {
    std::string category;            // "hiv"
    std::string instead;             // what a card says in place of an entry
    std::vector<std::string> words;  // RE2: a chart text that matches is not repeated
    bool onlyWhereShown = false;     // elsewhere the finding counts for nothing
};

struct Finding {
    std::string id;
    std::string title;
    std::string valueSet;               // its strong `finding` rows count by themselves; may be empty
    std::string codeEndings;            // if not empty, a code counts only when its last character is one of these
    std::vector<std::string> words;     // RE2 patterns by which a chart without codes says it
    std::vector<std::string> notAbout;  // a clause that matches one of these speaks of another organ
    std::vector<Settling> settledBy;
    std::vector<fhir::Source> categories;  // Observation searches that would bring it; default survey and exam
    std::optional<Sensitive> sensitive;
};

// cards/answers.json: how a chart says yes, no and unknown, shared by all findings and tests.
struct Answers {
    std::string present, absent, unknown;  // value sets
    std::string genericQuestions;          // value set: codes that only say "a symptom", the finding being the value
    std::string severities;                // value set: a severity as the value of a finding's own code means present
    std::string familyHistory;             // value set: never a finding of the patient
    std::vector<std::string> presentWords, absentWords;  // RE2, anchored at the start of an answer
    std::vector<std::string> unknownWords;               // RE2, anchored so, too: neither, whatever absentWords say
    ClauseWords clauses;
    std::vector<std::string> presentInterpretations, absentInterpretations, positiveInterpretations,
        flaggedInterpretations;
    std::vector<std::string> notSystemic;  // RE2: a medication text that matches is a topical or local form
    Duration observationWithin{};          // how long an answer counts where a fact does not say
    Duration doseCountsFor{};              // a dose given (MedicationAdministration) counts as current this long
    Duration orderCountsFor{};             // an order older than this does not prove that it happens
    Duration encounterCountsFor{};         // how far back an encounter reaches whose start is not known
    Duration encounterLeadTime{};          // what is this much older than the start still belongs to the encounter
};

struct Conversion {
    Micro numerator = 1'000'000;  // canonical = (value - offset) * numerator / denominator
    Micro denominator = 1'000'000;
    Micro offset = 0;
};

// Units that only the laboratory's own factor converts, which the site's configuration gives under `name`.
struct SiteFactor {
    std::string name;
    std::vector<std::string> units;
    Micro low = 0, high = 0;  // a factor outside is a mistake
};

// cards/quantities.json: a measurement, its unit and what is believable.
struct QuantityKind {
    std::string id;
    std::string title;
    std::vector<std::string> valueSets;       // `question` and `finding` rows
    std::string unit;                         // canonical UCUM
    std::string unitText;                     // how a clinician reads it: "g/L", "per day"
    std::map<std::string, Conversion> units;  // accepted spellings, UCUM or not
    std::string integerUnit;                  // unit of a valueInteger; empty: integers are not read
    std::optional<Micro> plausibleLow, plausibleHigh;
    std::optional<SiteFactor> siteFactor;
    fhir::Source category = fhir::Source::laboratory;
};

// cards/scores.json
struct Band {
    Micro low = 0, high = 0;  // inclusive, after rounding
    int points = 0;
};
struct ScoreItem {
    std::string quantity;
    int decimals = 0;  // values are rounded to this before banding, halves up
    std::vector<Band> bands;
};
struct Score {  // a sum of points; a missing input scores 0, so the sum is a lower bound
    std::string id;
    std::string title;
    std::vector<ScoreItem> items;
};
struct RatingRange {
    std::vector<std::string> codes;  // of the question; empty: any other
    Micro atLeast = 0, atMost = 0;
};
struct Rating {  // a severity scale with a body site, such as pain
    std::string id;
    std::string title;
    std::string valueSet;       // questions
    std::string severeAnswers;  // value set of coded answers that count
    std::vector<RatingRange> ranges;
    std::string millimetreCode;  // this question's value in mm (unit mm, or above 10 without one) is divided by ten
    std::string siteValueSet;    // body sites that count, by code (may be empty)
    std::vector<std::string> siteWords, notSiteWords;  // RE2 over the text and displays of bodySite
    std::vector<std::string> severeWords;              // RE2 over an answer in words: it may be severe
};

// ---- facts: what is looked up in the record ------------------------------------------------------------------------

struct Repeated {
    Duration apart{};  // first and last assertion are at least this far apart
};

// {"finding": ...}: an active Condition or a positive Observation.
struct FindingFact {
    std::vector<std::string> findings;
    bool conditions = true, observations = true;  // "from"
    std::optional<Duration> conditionWithin;      // counted from the later of onset and recording; absent: any age
    Duration observationWithin{};                 // default: Answers::observationWithin
    bool newerNoCancels = false;  // "newerNo": "cancels": a newer negative answer switches Conditions off
    bool confirmed = false;       // leaves out Conditions that are only suspected
    std::optional<Repeated> repeated;
    bool quiet = false;              // a shorter look-back: leaves no data-quality note
    bool draftsWhenWriting = false;  // "whenWriting": "drafts": at a hook about writing, only what is being written
};
// {"quantity": ...}: the latest readable value.
struct QuantityFact {
    std::string quantity;
    Duration within{};
    bool highest = false;            // "of": "highest": the highest readable value of the window, not the latest
    std::optional<Micro> straddles;  // a comparator that leaves this threshold undecided is a data-quality note
};
// {"ratio": [a, b]}: a/b of the newest pair measured within `paired` of each other.
struct RatioFact {
    std::string numerator, denominator;
    Duration paired{}, within{};
};
struct ScoreFact {
    std::string score;
    Duration within{};
};
// {"positive": value set}: a test reported positive. {"flagged": [...]}: a result that its laboratory marked abnormal.
struct PositiveFact {
    std::string valueSet;
    Duration within{};
};
struct FlaggedFact {
    std::vector<std::string> valueSets;
    Duration within{};
};
// {"tested": value set}: resulted within, or ordered within, not counting a prohibition.
struct TestedFact {
    std::string valueSet;
    Duration resultedWithin{}, orderedWithin{};
};
// {"medication": [value sets]}: current, or taken within `within`.
struct MedicationFact {
    std::vector<std::string> valueSets;
    std::optional<Duration> within;
    bool drafts = true;
    bool draftsWhenWriting = false;  // as of FindingFact
};
struct MedicationTextFact {
    std::vector<std::string> words;
};
// {"ordered": value set}: a live request (drafts count), or a procedure being prepared or in progress.
struct OrderedFact {
    std::string valueSet;
    Duration orderedWithin{};
};
// {"performed": value set}: a completed procedure; its value has a time.
struct PerformedFact {
    std::string valueSet;
    std::optional<Duration> within;
};
// {"arranged": [value sets]}: ordered or referred (completed requests too) or done, within.
struct ArrangedFact {
    std::vector<std::string> valueSets;
    Duration within{};
};
// {"duration": finding}: days since it began, as a range from certain minimum to possible maximum.
struct DurationFact {
    std::string finding;
    std::optional<Duration> conditionWithin;
    Duration gap{};
};
// {"recurs": [findings]}: came back after a symptom-free time.
struct RecurrenceFact {
    std::vector<std::string> findings;
    Duration apart{}, within{}, clear{};
};
// {"severe": finding}: a Condition of that severity, or an Observation of the finding with such an answer.
struct SeverityFact {
    std::string finding, valueSet;
    std::optional<Duration> conditionWithin;  // as of FindingFact
    Duration observationWithin{};
};
// {"rating": scale, "site": "stated" | "unstated"}
struct RatingFact {
    std::string rating;
    bool siteStated = true;
    Duration within{};
};
// {"patient": "age", "assume": years} in years; {"patient": "gender", "is": "male"}
struct AgeFact {
    Micro assume = 0;
};
struct GenderFact {
    fhir::Gender is{};
};
// {"quality": [kinds], "findings": [...], "quantities": [...]}: data that could not be used (facts.h, Issue)
struct QualityFact {
    std::vector<std::string> kinds;
    std::vector<std::string> about;  // findings and quantities; empty: any
};

using FactBody = std::variant<FindingFact, QuantityFact, RatioFact, ScoreFact, PositiveFact, FlaggedFact, TestedFact,
                              MedicationFact, MedicationTextFact, OrderedFact, PerformedFact, ArrangedFact,
                              DurationFact, RecurrenceFact, SeverityFact, RatingFact, AgeFact, GenderFact, QualityFact>;

struct Fact {
    std::string name;
    std::string title;  // "visible rectal bleeding"; for English and for cards
    FactBody body;
};

// ---- expressions ---------------------------------------------------------------------------------------------------

enum class CompareOp : std::uint8_t { lt, le, gt, ge };
enum class Endpoint : std::uint8_t {
    both,
    minimum,
    maximum
};  // which end of a range is compared; both: Kleene over the range

// A threshold that depends on another fact: linear between the points, constant outside them.
struct Line {
    std::string by;
    std::vector<std::pair<Micro, Micro>> points;  // ascending
};

struct Compare {
    std::string fact;
    CompareOp op = CompareOp::lt;
    Endpoint endpoint = Endpoint::both;
    Micro threshold = 0;
    std::optional<Line> line;  // instead of the threshold
};
struct Newer {  // fact a was measured after fact b happened
    std::string a, b;
};

struct Expr {
    enum class Kind : std::uint8_t { always, name, all, any, not_, not_known, compare, newer };
    Kind kind = Kind::always;
    std::string name;            // fact or condition: its truth
    std::vector<Expr> operands;  // all, any, not_, not_known
    Compare compare;
    Newer newer;
};

// cards/conditions.json: a named combination.
struct Condition {
    std::string name;
    std::string title;
    Expr is;
};

// ---- rules and cards -----------------------------------------------------------------------------------------------

enum class Indicator : std::uint8_t { info, warning, critical };
[[nodiscard]] std::string_view print(Indicator indicator);

enum class OrderKind : std::uint8_t { test, imaging, procedure, referral };

// cards/orders.json: what a card may suggest, as a draft order.
struct Order {
    std::string id;
    OrderKind kind = OrderKind::test;  // before FHIR R4 each kind is another resource
    std::string system, code, display;
    std::string label;     // "Order a full blood count"
    std::string category;  // SNOMED CT code of the order's category; may be empty
    std::string categoryDisplay;
    std::string satisfiedBy;  // value set: not suggested when one of these is already ordered or drafted (may be empty)
    std::optional<Expr> when;
    std::vector<std::string> regions;  // empty: all
};

// What a reason given for a card changes when its alarm comes again within the site's quiet time.
enum class NextTime : std::uint8_t {
    held,            // nothing: it is held back on the same evidence
    without_orders,  // held back, too; when it is shown, its orders are not suggested
    ask_again        // it is shown on the same evidence, too
};

struct OverrideReason {
    std::string code, display;
    NextTime next = NextTime::held;
    std::string note = {};  // sentence on the card when it is shown again; may be empty
};

// cards/source-attributes.json: what a user may ask about where this decision support comes from (US 45 CFR
// 170.315(b)(11), evidence-based interventions). An attribute is used by a rule that rests on one of its facts.
struct SourceAttribute {
    std::string title;  // "Date of birth"
    std::vector<std::string> facts;
    std::string note;  // may be empty
};
struct SourceAttributes {
    std::string developer, funding, released;  // released: date of this release of the content
    std::vector<SourceAttribute> uses;
};

struct Row {
    std::string id;
    Expr condition;  // "if"
    Indicator indicator = Indicator::info;
    std::map<std::string, Indicator> profiles;  // indicator in another profile
    std::vector<std::string> absorbs;           // codes of rules whose cards this row's card takes in
};

struct RuleOrder {
    std::string order;
    std::optional<Expr> when;
};

struct Citation {
    std::string label, citation, url;
};  // relatedArtifact of type citation

enum class RuleStatus : std::uint8_t { draft, active, retired };

// cards/rules/<id>/rule.json
struct Rule {
    std::string id, code, version, title;  // code: "ADC-12"
    RuleStatus status = RuleStatus::draft;
    std::string date;                          // of this version; empty: that of the content's release
    std::string approvalDate, lastReviewDate;  // empty: never
    int rank = 0;                              // among cards of the same urgency the highest comes first
    std::vector<std::string> hooks;            // at which it runs
    std::vector<Fact> facts;                   // of this rule alone
    std::vector<Row> decide;
    std::vector<RuleOrder> orders;
    std::vector<std::string> overrideReasons;
    std::vector<Citation> relatedArtifact;
};

// cards/rules/<id>/text.en.json
struct RuleText {
    std::string summary;                                      // under 140 characters
    std::map<std::string, std::string> rowSummaries;          // instead, for a row
    std::string why;                                          // why it matters
    std::vector<std::string> act;                             // what to do
    std::map<std::string, std::vector<std::string>> rowActs;  // further lines for a row
    std::string absorbed;                                     // one line, when another card takes this rule in
    std::string notChecked;  // what the clinician should look at when the data to decide were missing
};

}  // namespace proctor::rules
