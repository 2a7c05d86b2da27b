#include "support/power_cut_vfs.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace proctor {
namespace {

using Done = PowerCutDisk::Done;

// What SQLite holds of an open file; the system's own follows it in the same memory.
struct OpenFile {
    sqlite3_file base;
    PowerCutVfs* vfs;
    const char* name;      // SQLite's, until the file is closed
    bool folder_unsynced;  // the system's VFS syncs the folder with the first sync of a journal that it made
};

OpenFile& open_file(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<OpenFile*>(file) + 1);
}
const sqlite3_io_methods& calls(sqlite3_file* file) { return *real(file)->pMethods; }

std::string read_all(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

int code(Done done, int error) { return done == Done::yes ? SQLITE_OK : error; }

}  // namespace

// SQLite's calls. What changes a file is held by the mutex together with the system's call, so the disk sees the same
// order.
struct PowerCutCalls {
    static PowerCutVfs& of(sqlite3_vfs* vfs) { return *static_cast<PowerCutVfs*>(vfs->pAppData); }

    static int open(sqlite3_vfs* own, const char* name, sqlite3_file* file, int flags, int* out) {
        PowerCutVfs& vfs = of(own);
        if (name == nullptr) return vfs.real_->xOpen(vfs.real_, name, file, flags, out);  // temporary
        const std::lock_guard lock(vfs.mutex_);
        file->pMethods = nullptr;
        if (!vfs.disk_.power()) return SQLITE_CANTOPEN;
        const bool known = std::filesystem::exists(name);
        if (known) vfs.disk_.found(name, read_all(name));
        if (!known && vfs.disk_.create(name) != Done::yes) return SQLITE_CANTOPEN;
        const int result = vfs.real_->xOpen(vfs.real_, name, real(file), flags, out);
        if (result != SQLITE_OK) return result;
        open_file(file) = {{&k_calls}, &vfs, name, !known};
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* own, const char* name, int sync_folder) {
        PowerCutVfs& vfs = of(own);
        const std::lock_guard lock(vfs.mutex_);
        if (!std::filesystem::exists(name)) return SQLITE_IOERR_DELETE_NOENT;
        if (vfs.disk_.remove(name, sync_folder != 0) != Done::yes) return SQLITE_IOERR_DELETE;
        return vfs.real_->xDelete(vfs.real_, name, 0);
    }
    static int access(sqlite3_vfs* own, const char* name, int flags, int* out) {
        PowerCutVfs& vfs = of(own);
        return vfs.power() ? vfs.real_->xAccess(vfs.real_, name, flags, out) : SQLITE_IOERR_ACCESS;
    }

    static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
        PowerCutVfs& vfs = *open_file(file).vfs;
        const std::lock_guard lock(vfs.mutex_);
        const std::string text(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
        const Done done = vfs.disk_.write(open_file(file).name, offset, text);
        return done == Done::yes ? calls(file).xWrite(real(file), bytes, size, offset) : SQLITE_IOERR_WRITE;
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size) {
        PowerCutVfs& vfs = *open_file(file).vfs;
        const std::lock_guard lock(vfs.mutex_);
        const Done done = vfs.disk_.truncate(open_file(file).name, size);
        return done == Done::yes ? calls(file).xTruncate(real(file), size) : SQLITE_IOERR_TRUNCATE;
    }
    static int sync(sqlite3_file* file, int) {
        PowerCutVfs& vfs = *open_file(file).vfs;
        const std::lock_guard lock(vfs.mutex_);
        const Done done = vfs.disk_.sync(open_file(file).name, open_file(file).folder_unsynced);
        if (done == Done::yes) open_file(file).folder_unsynced = false;
        return code(done, SQLITE_IOERR_FSYNC);
    }
    static int read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
        const bool power = open_file(file).vfs->power();
        return power ? calls(file).xRead(real(file), bytes, size, offset) : SQLITE_IOERR_READ;
    }
    static int size(sqlite3_file* file, sqlite3_int64* size) {
        return open_file(file).vfs->power() ? calls(file).xFileSize(real(file), size) : SQLITE_IOERR_FSTAT;
    }

    static int close(sqlite3_file* file) {
        PowerCutVfs& vfs = *open_file(file).vfs;
        const std::lock_guard lock(vfs.mutex_);
        vfs.connections_.erase(file);
        return calls(file).xClose(real(file));
    }
    static int lock(sqlite3_file* file, int level) { return calls(file).xLock(real(file), level); }
    static int unlock(sqlite3_file* file, int level) { return calls(file).xUnlock(real(file), level); }
    static int reserved(sqlite3_file* file, int* out) { return calls(file).xCheckReservedLock(real(file), out); }
    static int control(sqlite3_file* file, int what, void* with) {
        if (what == SQLITE_FCNTL_PDB) {  // whose file it is; told once it is open
            PowerCutVfs& vfs = *open_file(file).vfs;
            const std::lock_guard lock(vfs.mutex_);
            vfs.connections_[file] = *static_cast<sqlite3**>(with);
            ++vfs.opened_;
        }
        return calls(file).xFileControl(real(file), what, with);
    }
    static int sector(sqlite3_file* file) { return calls(file).xSectorSize(real(file)); }
    static int traits(sqlite3_file* file) { return calls(file).xDeviceCharacteristics(real(file)); }
    static int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
        return calls(file).xShmMap(real(file), page, size, extend, out);
    }
    static int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
        return calls(file).xShmLock(real(file), offset, n, flags);
    }
    static void shm_barrier(sqlite3_file* file) { calls(file).xShmBarrier(real(file)); }
    static int shm_unmap(sqlite3_file* file, int remove) { return calls(file).xShmUnmap(real(file), remove); }

    // Version 2: shared memory, and no mapping of the files themselves, which would pass all this by.
    static constexpr sqlite3_io_methods k_calls = {2,        close,       read,      write,   truncate, sync,   size,
                                                   lock,     unlock,      reserved,  control, sector,   traits, shm_map,
                                                   shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};
};

PowerCutVfs::PowerCutVfs() : real_(sqlite3_vfs_find("unix")), own_(*real_) {
    own_.zName = "power-cut";
    own_.pAppData = this;
    own_.pNext = nullptr;
    own_.szOsFile += static_cast<int>(sizeof(OpenFile));
    own_.xOpen = PowerCutCalls::open;
    own_.xDelete = PowerCutCalls::remove;
    own_.xAccess = PowerCutCalls::access;
    sqlite3_vfs_register(&own_, 1);
}

PowerCutVfs::~PowerCutVfs() {
    sqlite3_vfs_unregister(&own_);
    sqlite3_vfs_register(real_, 1);
}

void PowerCutVfs::begin(std::uint64_t seed) {
    const std::lock_guard lock(mutex_);
    disk_.begin(seed);
}

void PowerCutVfs::cut_at(int n) {
    const std::lock_guard lock(mutex_);
    disk_.cut_at(n);
}

void PowerCutVfs::kill(const std::function<void()>& clean_up) {
    {
        const std::lock_guard lock(mutex_);
        disk_.kill();
    }
    clean_up();
    const std::lock_guard lock(mutex_);
    disk_.run_again();
    disk_.fail_syncs(false);
}

void PowerCutVfs::fail_syncs(bool fail) {
    const std::lock_guard lock(mutex_);
    disk_.fail_syncs(fail);
}

bool PowerCutVfs::power() const {
    const std::lock_guard lock(mutex_);
    return disk_.power();
}

void PowerCutVfs::run_on_connections(const std::string& sql) {
    std::unique_lock lock(mutex_);
    const auto all = connections_;
    lock.unlock();
    for (const auto& [file, connection] : all) ::sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
}

int PowerCutVfs::opened() const {
    const std::lock_guard lock(mutex_);
    return opened_;
}

void PowerCutVfs::restore() {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, bytes] : disk_.survivors()) {
        if (bytes)
            std::ofstream(name, std::ios::binary | std::ios::trunc) << *bytes;
        else
            std::filesystem::remove(name);
        std::filesystem::remove(name + "-shm");
    }
    disk_.begin(0);
}

}  // namespace proctor
