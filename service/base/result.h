// Result<T>: a value, or an Error that says what was wrong and where. Expected failures travel this way; nothing
// here throws. An Error's message never holds patient data: it names files, JSON Pointers, members, resource ids.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace proctor {

struct Error {
    std::string message;  // one sentence for a person, without a trailing full stop
    std::string where;    // file, JSON Pointer or "Observation/hb-1"; empty when there is no place
    friend bool operator==(const Error&, const Error&) = default;
};

// "where: message", or the message alone.
[[nodiscard]] inline std::string describe(const Error& error) {
    return error.where.empty() ? error.message : error.where + ": " + error.message;
}

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    // Each requires the state it names: a caller that did not ask ok() ends the program rather than read what is not
    // there.
    [[nodiscard]] T& value() & {
        require(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] const T& value() const& {
        require(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T&& value() && {
        require(ok());
        return std::move(*std::get_if<0>(&state_));
    }
    [[nodiscard]] const Error& error() const {
        require(!ok());
        return *std::get_if<1>(&state_);
    }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

private:
    static void require(bool holds) {
        if (!holds) std::abort();
    }

    std::variant<T, Error> state_;
};

struct Done {};
using Status = Result<Done>;

}  // namespace proctor
