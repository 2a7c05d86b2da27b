// A disk that can lose power, or fail a sync, as the system sees it: what was written since a file's last sync is
// kept, dropped or torn when the power goes, in any order, and so are sizes, new names and removals. It knows names and
// bytes; the files that processes read and write meanwhile are somebody else's (power_cut_vfs.h), and so is all of
// SQLite.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace proctor {

class PowerCutDisk final {
public:
    enum class Done : std::uint8_t {
        yes,
        failed,    // the system could not write it and, as Linux does, will not try again
        no_power,  // nothing happens any more
    };

    // Forgets everything. What a cut will leave follows from the seed.
    void begin(std::uint64_t seed);
    // The power goes with the n-th of the calls below from now on, unless it has gone.
    void cut_at(int n) { left_ = n; }
    // The process is killed: nothing of it happens any more, and the system keeps what it has. Then another one runs,
    // unless the power went before.
    void kill() { alive_ = false; }
    void run_again() { alive_ = true; }
    // While `fail`, every sync fails. What it should have written is lost, though the system still shows it.
    void fail_syncs(bool fail) { syncs_fail_ = fail; }

    // A file that was there before, with what it holds; known files stay as they are.
    void found(const std::string& name, const std::string& bytes);
    Done create(const std::string& name);
    Done write(const std::string& name, std::int64_t offset, const std::string& bytes);
    Done truncate(const std::string& name, std::int64_t size);
    // `folder`: the names and removals of all files, too.
    Done sync(const std::string& name, bool folder);
    Done remove(const std::string& name, bool sync_folder);

    [[nodiscard]] bool power() const { return power_ && alive_; }

    // Every known file as it is found after a power cut at this moment; nothing: it is not there.
    [[nodiscard]] std::map<std::string, std::optional<std::string>> survivors();

private:
    struct Change {
        std::int64_t at;  // offset of a write, or the new size
        std::optional<std::string> bytes;
    };
    struct File {
        std::string kept;                     // as of its last sync
        std::vector<Change> changes;          // since then
        bool named = true;                    // its name is on the disk
        bool removed = false;                 // the removal is not
        std::optional<std::string> replaced;  // while its name is not on the disk: what may be found under it
    };

    [[nodiscard]] bool step();
    void sync_folder();
    [[nodiscard]] std::string survivor(const File& file);
    void write_part(std::string& image, const Change& change);
    [[nodiscard]] bool one_in(unsigned n) { return random_() % n == 0; }

    std::map<std::string, File> files_;
    std::mt19937_64 random_;
    int left_ = 0;
    bool power_ = true, alive_ = true, syncs_fail_ = false;
};

}  // namespace proctor
