// The tables of the feedback store, in the versions they went through. A database of an older version is brought to
// this one by `proctor store migrate` alone, never by the way. It knows no feedback.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "store/sql.h"

namespace proctor::store {

// Whether a store may be made where there is none.
enum class MayBeNew : bool { no, yes };

// The version of this program.
[[nodiscard]] int schema_version();

// For Sql::Check: the database has this version's tables; an empty one gets them, all at once, when it may be new.
// Error, with `where` as its place: it is empty otherwise, another's, or of another version. Nothing: the database did
// not answer.
[[nodiscard]] std::optional<Status> settle_schema(Sql& sql, const std::string& where, MayBeNew may_be_new);

// The same, but an older version is brought to this one, in one transaction; what is there already is left as it is.
[[nodiscard]] std::optional<Status> migrate_schema(Sql& sql, const std::string& where, MayBeNew may_be_new);

// What is said of an empty file or database that may not be new.
[[nodiscard]] Error no_store_in(Sql::Dialect dialect, const std::string& where);

}  // namespace proctor::store
