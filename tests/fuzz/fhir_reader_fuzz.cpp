// Any bytes as a Bundle, and as one resource beside a patient: a record whose parts lie within it, which the rules may
// ask anything; or an error.
#include <string_view>

#include "fuzz/engine.h"

using namespace proctor;
using namespace proctor::fuzz;

namespace {

class Inspection {
public:
    explicit Inspection(const fhir::Record& record) : record_(record) {}

    void run() {
        for (const auto& one : record_.resources) look(one.id);
        for (const auto& one : record_.codings) {
            look(one.system);
            look(one.code);
            look(one.display);
        }
        for (const auto& one : record_.conditions) look(one.resource, one.code, one.severity);
        for (const auto& one : record_.procedures) look(one.resource, one.code);
        for (const auto& one : record_.service_requests) look(one.resource, one.code);
        for (const auto& one : record_.medications) look(one.resource, one.medication);
        for (const auto& one : record_.known_medications) look(one.resource, one.code);
        for (const auto& one : record_.encounters) require(one.resource < record_.resources.size());
        for (const auto& one : record_.observations) {
            look(one.resource, one.code, one.body_site, one.value);
            within(one.interpretation);
            look(one.quantity.value);
            look(one.quantity.unit);
            look(one.text);
        }
    }

private:
    template <typename... Concepts>
    void look(fhir::ResourceIndex resource, const Concepts&... concepts) {
        require(resource < record_.resources.size());
        (within(concepts.codings), ...);
        (look(concepts.text), ...);
    }
    void within(fhir::Span span) const {
        require(span.first <= record_.codings.size() && span.count <= record_.codings.size() - span.first);
    }
    // Every byte is read: the sanitizer says whether it is there.
    void look(std::string_view text) {
        for (const char c : text) require(c != '\0');
    }

    const fhir::Record& record_;
};

void try_bundle(const std::string& json) {
    const fhir::PaddedJson bytes(json);
    auto record = fhir::read_bundle(bytes, hooks::read_setup(engine(), {}));
    if (!record) return;
    Inspection(*record).run();
    fhir::HookDocument document{{}, std::move(record).value()};
    document.envelope.hook = "patient-view";
    require_sound(hooks::answer_document(engine(), {}, document, k_now));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    try_bundle(text);
    try_bundle(
        R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"p","birthDate":"1970"}},)"
        R"({"resource":)" +
        text + "}]}");
    return 0;
}
