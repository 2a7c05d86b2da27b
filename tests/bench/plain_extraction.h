// What a program would do that uses simdjson On-Demand as its manual shows: it takes the members that rules need, as
// views and numbers, and skips the rest, without validating it and without building a record.
#pragma once

#include <simdjson.h>

#include <string_view>

namespace proctor::bench {

class PlainExtraction {
public:
    // Reads a CDS Hooks request.
    void read(simdjson::padded_string_view json);

    [[nodiscard]] std::size_t resources() const { return resources_; }
    [[nodiscard]] std::size_t characters() const { return characters_; }
    [[nodiscard]] double sum() const { return sum_; }

private:
    using Value = simdjson::ondemand::value;
    using Object = simdjson::ondemand::object;

    void text(Value value);
    void number(Value value);
    void concept_of(Value value);
    void concepts(Value value);
    void quantity(Value value);
    void period(Value value);
    void reference(Value value);
    void resource(Object object);
    void other(std::string_view key, Value value);
    void components(Value value);
    void bundle(Value value);

    simdjson::ondemand::parser parser_;
    std::size_t resources_ = 0;
    std::size_t characters_ = 0;
    double sum_ = 0;
};

}  // namespace proctor::bench
