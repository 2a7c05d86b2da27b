#include "batch/evaluator.h"

#include "batch/in_order.h"
#include "batch/read_chart.h"
#include "batch/replay.h"
#include "batch/result_line.h"

namespace proctor::batch {

Result<std::string> Evaluator::evaluate_document(std::string_view json, CodeReport* codes) const {
    const fhir::PaddedJson padded{std::string(json)};
    auto document = read_chart(padded, engine_, settings_, options_.hook);
    if (!document) return document.error();
    if (!options_.drafts.empty()) {
        const auto added = fhir::add_drafts(document->record, fhir::PaddedJson(options_.drafts),
                                            hooks::read_setup(engine_, settings_));
        if (!added) return added.error();
    }
    if (codes != nullptr) codes->add(document->record, engine_);
    if (options_.replay) drop_after(document->record, options_.as_of);
    const auto answered = hooks::answer_document(engine_, settings_, *document, options_.as_of);
    return write_result({engine_, settings_, document->record, answered, options_.as_of});
}

void Evaluator::evaluate(std::istream& input, const std::string& name, const BatchSinks& sinks,
                         BatchCounts& counts) const {
    struct Made {
        Result<std::string> line = Error{"the document is too large", {}};
        CodeReport codes;
    };
    const std::size_t before = counts.bytes;
    Documents documents(input);
    const auto make = [this](const Document& document) {
        Made made;
        if (!document.too_large) made.line = evaluate_document(document.text, &made.codes);
        return made;
    };
    const auto take = [&](const Document& document, const Made& made) {
        if (made.line) {
            sinks.results << *made.line << '\n';
            ++counts.patients;
        } else {
            sinks.error({name, document.line, describe(made.line.error())});
            ++counts.errors;
        }
        counts.codes.add(made.codes);
        counts.bytes = before + document.end;
        if (sinks.progress) sinks.progress(counts);
        return !sinks.results.fail();
    };
    InOrder<Document, Made>({[&] { return documents.next(); }, make, take}).run(options_.threads);
}

}  // namespace proctor::batch
