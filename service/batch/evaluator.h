// `proctor evaluate` as a library: patients in, one line of JSON each out, in input order, one patient a thread in
// memory at a time. Everything clinical goes through hooks/answer.h. It knows no files and no terminal.
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
    std::string hook = "patient-view";  // of Bundles; a request has its own
    bool replay = false;                // drop what came after as_of first (replay.h)
    std::string drafts;                 // a Bundle of draft orders, JSON text; empty: none
    std::size_t threads = 1;  // that a stream is evaluated by; the results are the same bytes whatever their number
};

// A document that was passed over; the rest goes on. The message holds no patient data.
struct BatchError {
    std::string name;      // of the stream
    std::size_t line = 0;  // where the document starts
    std::string message;
};

// Of all streams so far.
struct BatchCounts {
    std::size_t patients = 0;
    std::size_t errors = 0;
    std::size_t bytes = 0;
    CodeReport codes;
};

// Called by one thread at a time, in input order.
struct BatchSinks {
    std::ostream& results;                                  // a line a patient
    std::function<void(const BatchError&)> error;           // required
    std::function<void(const BatchCounts&)> progress = {};  // after each document; may be empty
};

class Evaluator {
public:
    // Refers to engine and settings.
    Evaluator(const hooks::Engine& engine, const hooks::Settings& settings, BatchOptions options)
        : engine_(engine), settings_(settings), options_(std::move(options)) {}

    // Every document of the stream: a Bundle of one patient or a CDS Hooks request. Adds to `counts`. A sink that fails
    // (results.fail()) ends it.
    void evaluate(std::istream& input, const std::string& name, const BatchSinks& sinks, BatchCounts& counts) const;

    // One document: its result line, or why there is none. Its codes are added to `codes`. From any thread.
    [[nodiscard]] Result<std::string> evaluate_document(std::string_view json, CodeReport* codes = nullptr) const;

private:
    const hooks::Engine& engine_;
    const hooks::Settings& settings_;
    BatchOptions options_;
};

}  // namespace proctor::batch
