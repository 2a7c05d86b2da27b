// SQLite on a disk that can lose power (power_cut_disk.h): while one lives it is SQLite's default VFS. The system's own
// files take everything, as its page cache would, and its own VFS does the locks and the shared memory; what a disk
// would have got of it is kept beside. It knows nothing of what is stored.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "support/power_cut_disk.h"

namespace proctor {

// One at a time; connections are opened and closed while it lives.
class PowerCutVfs final {
public:
    PowerCutVfs();
    ~PowerCutVfs();
    PowerCutVfs(const PowerCutVfs&) = delete;
    PowerCutVfs& operator=(const PowerCutVfs&) = delete;

    // With every connection closed: the files are what they are, and nothing fails. What a cut will leave follows from
    // the seed.
    void begin(std::uint64_t seed);
    // The power goes with the n-th change or sync from now on, unless it has gone, and everything fails after it.
    void cut_at(int n);
    // A kill of the process: everything fails while `clean_up` closes what it had open, and syncs are well after it.
    void kill(const std::function<void()>& clean_up);
    // While `fail`, every sync fails with EIO, and what it should have written never comes to the disk.
    void fail_syncs(bool fail);
    [[nodiscard]] bool power() const;
    // The power goes, unless it has gone, and comes back: the files hold what survived, and nothing fails. Every
    // connection is closed.
    void restore();
    // On every connection that is open: for pragmas that the program under test does not offer. Nobody uses them
    // meanwhile.
    void run_on_connections(const std::string& sql);
    // Connections opened so far.
    [[nodiscard]] int opened() const;

private:
    friend struct PowerCutCalls;

    sqlite3_vfs* const real_;
    sqlite3_vfs own_;
    mutable std::mutex mutex_;  // of what follows
    PowerCutDisk disk_;
    int opened_ = 0;
    std::map<sqlite3_file*, sqlite3*> connections_;
};

}  // namespace proctor
