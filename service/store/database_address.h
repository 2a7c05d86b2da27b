// How a database is reached: over a socket or loopback, or else only with TLS and a certificate that was checked. It
// opens nothing; sql_postgres.h does.
#pragma once

#include <string>

#include "base/result.h"

namespace proctor::store {

// `where`: libpq's connection string; what it leaves out is what libpq would take, from its environment and defaults.
// `place`: for the error, since the connection string may hold what no error should. Error: it is no connection
// string; it holds a password; or it names another host, or a service file that may, without sslmode=verify-full.
[[nodiscard]] Status check_database(const std::string& where, const std::string& place);

}  // namespace proctor::store
