// `proctor evaluate` as a library: patients in, one line of JSON each out, in input order, one patient in memory at a
// time. Everything clinical goes through hooks/answer.h. It knows no files and no terminal.
#pragma once

#include <functional>
#include <istream>
#include <ostream>
#include <string>

#include "base/result.h"
#include "batch/code_report.h"
#include "batch/documents.h"
#include "hooks/answer.h"

namespace proctor::batch {

struct BatchOptions {
    fhir::Instant as_of{};
    std::string hook = "patient-view";
    bool replay = false;  // drop what came after as_of first (replay.h)
    std::string drafts;   // a Bundle of draft orders, JSON text; empty: none
};

// A document that was passed over; the rest goes on. The message holds no patient data.
struct BatchError {
    std::string name;      // of the stream
    std::size_t line = 0;  // where the document starts
    std::string message;
};

struct BatchSinks {
    std::ostream& results;                           // a line a patient
    std::function<void(const BatchError&)> error;    // required
    std::function<void(std::size_t)> progress = {};  // documents done so far, of all streams; may be empty
};

struct BatchCounts {
    std::size_t patients = 0;
    std::size_t errors = 0;
    CodeReport codes;
};

class Evaluator {
public:
    // Refers to engine and settings.
    Evaluator(const hooks::Engine& engine, const hooks::Settings& settings, BatchOptions options)
        : engine_(engine), settings_(settings), options_(std::move(options)) {}

    // Every document of the stream: a Bundle of one patient or a CDS Hooks request for the service of options.hook.
    // Adds to `counts`. A sink that fails (results.fail()) ends it.
    void evaluate(std::istream& input, const std::string& name, const BatchSinks& sinks, BatchCounts& counts) const;

    // One document: its result line, or why there is none. Its codes are added to `codes`.
    [[nodiscard]] Result<std::string> evaluate_document(std::string_view json, CodeReport* codes = nullptr) const;

private:
    [[nodiscard]] Result<fhir::HookDocument> read(const fhir::PaddedJson& json) const;

    const hooks::Engine& engine_;
    const hooks::Settings& settings_;
    BatchOptions options_;
};

}  // namespace proctor::batch
