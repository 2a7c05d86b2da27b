#include "support/power_cut_disk.h"

#include <algorithm>
#include <utility>

namespace proctor {
namespace {

constexpr std::size_t k_sector = 512;

void put(std::string& image, std::size_t at, std::string_view bytes) {
    if (image.size() < at + bytes.size()) image.resize(at + bytes.size());
    std::copy(bytes.begin(), bytes.end(), image.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

void PowerCutDisk::begin(std::uint64_t seed) {
    files_.clear();
    random_.seed(seed);
    left_ = 0;
    power_ = alive_ = true;
    syncs_fail_ = false;
}

// Whether the power is still there after one more call.
bool PowerCutDisk::step() {
    if (left_ > 0 && --left_ == 0) power_ = false;
    return power_;
}

void PowerCutDisk::found(const std::string& name, const std::string& bytes) {
    if (!files_.contains(name)) files_[name].kept = bytes;
}

PowerCutDisk::Done PowerCutDisk::create(const std::string& name) {
    if (!power()) return Done::no_power;
    File made;
    made.named = false;
    if (const auto old = files_.find(name); old != files_.end())
        made.replaced = old->second.named ? survivor(old->second) : old->second.replaced;
    files_[name] = std::move(made);
    return step() ? Done::yes : Done::no_power;
}

PowerCutDisk::Done PowerCutDisk::write(const std::string& name, std::int64_t offset, const std::string& bytes) {
    if (!power()) return Done::no_power;
    files_[name].changes.push_back({offset, bytes});
    return step() ? Done::yes : Done::no_power;
}

PowerCutDisk::Done PowerCutDisk::truncate(const std::string& name, std::int64_t size) {
    if (!power()) return Done::no_power;
    files_[name].changes.push_back({size, std::nullopt});
    return step() ? Done::yes : Done::no_power;
}

PowerCutDisk::Done PowerCutDisk::sync(const std::string& name, bool folder) {
    if (!power() || !step()) return Done::no_power;
    File& file = files_[name];
    if (syncs_fail_) {
        file.changes.clear();
        return Done::failed;
    }
    for (const Change& change : std::exchange(file.changes, {})) {
        const auto at = static_cast<std::size_t>(change.at);
        if (change.bytes)
            put(file.kept, at, *change.bytes);
        else
            file.kept.resize(at);
    }
    if (folder) sync_folder();
    return Done::yes;
}

PowerCutDisk::Done PowerCutDisk::remove(const std::string& name, bool sync) {
    if (!power()) return Done::no_power;
    files_[name].removed = true;
    if (!step()) return Done::no_power;
    if (sync) sync_folder();
    return Done::yes;
}

void PowerCutDisk::sync_folder() {
    std::erase_if(files_, [](const auto& one) { return one.second.removed; });
    for (auto& [name, file] : files_) {
        file.named = true;
        file.replaced.reset();
    }
}

std::map<std::string, std::optional<std::string>> PowerCutDisk::survivors() {
    std::map<std::string, std::optional<std::string>> all;
    for (const auto& [name, file] : files_) {
        const bool old = !file.named && one_in(2);  // its name did not come to the disk
        const bool gone = file.removed && one_in(2);
        all[name] = gone ? std::nullopt : old ? file.replaced : survivor(file);
    }
    return all;
}

std::string PowerCutDisk::survivor(const File& file) {
    std::string image = file.kept;
    for (const Change& change : file.changes) {
        if (change.bytes)
            write_part(image, change);
        else if (one_in(2))
            image.resize(static_cast<std::size_t>(change.at));
    }
    return image;
}

// Kept, dropped or torn: then every sector by itself, and some by half. The size may have come to the disk alone.
void PowerCutDisk::write_part(std::string& image, const Change& change) {
    const auto at = static_cast<std::size_t>(change.at);
    const std::string_view bytes = *change.bytes;
    if (one_in(3)) return put(image, at, bytes);
    if (one_in(2)) image.resize(std::max(image.size(), at + bytes.size()));
    if (one_in(2)) return;
    for (std::size_t from = 0; from < bytes.size(); from += k_sector) {
        const auto sector = bytes.substr(from, k_sector);
        if (!one_in(3)) put(image, at + from, sector.substr(0, one_in(2) ? sector.size() / 2 : sector.size()));
    }
}

}  // namespace proctor
