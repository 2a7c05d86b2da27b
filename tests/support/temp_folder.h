// A folder of a test's own, with a short path (Unix sockets allow about 100 characters), gone with it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace proctor {

class TempFolder final {
public:
    // /dev/shm is memory: for what writes much and is not about disks.
    explicit TempFolder(const std::string& parent = "/tmp") {
        std::string path = parent + "/proctor-XXXXXX";
        if (::mkdtemp(path.data()) != nullptr) path_ = path;
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

}  // namespace proctor
