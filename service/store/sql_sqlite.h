// SQLite's session: a file of our own (sqlite_file.h), durable, with what is deleted overwritten. It knows no tables.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "store/sql.h"

namespace proctor::store {

// The file is there and private (make_private), or `find` sees to it, before SQLite does and while nobody else opens
// it. `wait`: for others who lock it. The check sees the file as it is, before anything in it is changed.
[[nodiscard]] std::unique_ptr<Sql> sql_sqlite(
    std::string path, std::chrono::milliseconds wait, Sql::Check check,
    std::function<Status()> find = [] { return Done{}; });

}  // namespace proctor::store
