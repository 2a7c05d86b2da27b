// A feedback store's file as version 1 of its tables was, with a card and feedback on it.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

namespace proctor::store {

inline void make_version_1(const std::string& path) {
    std::ofstream(path).close();
    ::chmod(path.c_str(), 0600);
    SQLite::Database old(path, SQLite::OPEN_READWRITE);
    old.exec(R"(
        CREATE TABLE shown (
            client TEXT NOT NULL, tenant TEXT NOT NULL, card TEXT NOT NULL, service TEXT NOT NULL,
            hook TEXT NOT NULL, rule TEXT NOT NULL, rule_row TEXT NOT NULL, content TEXT NOT NULL,
            shown_at INTEGER NOT NULL, PRIMARY KEY (client, tenant, card)) STRICT, WITHOUT ROWID;
        CREATE TABLE feedback (
            key TEXT PRIMARY KEY, client TEXT NOT NULL, tenant TEXT NOT NULL, service TEXT NOT NULL,
            card TEXT NOT NULL, accepted INTEGER NOT NULL, suggestions TEXT NOT NULL,
            reason_system TEXT NOT NULL, reason_code TEXT NOT NULL, outcome_at INTEGER NOT NULL,
            received_at INTEGER NOT NULL, matched INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        PRAGMA application_id = 1347569218; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;
        INSERT INTO shown VALUES ('north', 't1', 'old-card', 'anorectal-alarms', 'patient-view', 'ADC-12', 'a',
                                  '0123456789ab', 1781524800000);
        INSERT INTO feedback VALUES ('k1', 'north', 't1', 'anorectal-alarms', 'old-card', 0, '', 's', 'r',
                                     1781524800000, 1781524805000, 1);)");
}

}  // namespace proctor::store
