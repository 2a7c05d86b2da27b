// SQLite's way to the disk, with an fsync that fails when a test says so.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <map>

namespace proctor::store {

// The default for every file that is opened while it exists. One at a time.
class FailingDisk final {
public:
    FailingDisk() : real_(::sqlite3_vfs_find(nullptr)), vfs_(*real_) {
        vfs_.zName = "failing";
        vfs_.xOpen = open;
        s_disk = this;
        ::sqlite3_vfs_register(&vfs_, 1);
    }
    ~FailingDisk() {
        ::sqlite3_vfs_unregister(&vfs_);
        ::sqlite3_vfs_register(real_, 1);
    }
    FailingDisk(const FailingDisk&) = delete;
    FailingDisk& operator=(const FailingDisk&) = delete;

    void fail_syncs(int count) { failing_ = count; }
    // Databases opened so far.
    [[nodiscard]] int opened() const { return opened_; }

private:
    // A file's own methods, but for one.
    struct Methods {
        sqlite3_io_methods all;
        int (*sync)(sqlite3_file*, int);
    };
    static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
        const int result = s_disk->real_->xOpen(s_disk->real_, name, file, flags, out);
        if (result != SQLITE_OK || file->pMethods == nullptr) return result;
        if ((flags & SQLITE_OPEN_MAIN_DB) != 0) ++s_disk->opened_;
        Methods& methods = s_disk->methods_[file->pMethods];
        methods = {*file->pMethods, file->pMethods->xSync};
        methods.all.xSync = sync;
        file->pMethods = &methods.all;
        return result;
    }
    static int sync(sqlite3_file* file, int flags) {
        if (s_disk->failing_ > 0) {
            --s_disk->failing_;
            return SQLITE_IOERR_FSYNC;
        }
        return reinterpret_cast<const Methods*>(file->pMethods)->sync(file, flags);  // its first member
    }

    inline static FailingDisk* s_disk = nullptr;

    sqlite3_vfs* const real_;
    sqlite3_vfs vfs_;
    std::map<const sqlite3_io_methods*, Methods> methods_;  // by the kind of a file
    std::atomic<int> failing_ = 0, opened_ = 0;
};

}  // namespace proctor::store
