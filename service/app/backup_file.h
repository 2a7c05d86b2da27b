// A backup as a file of the command line.
#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/backup.h"

namespace proctor::app {

// A new file that nobody else may read. It is taken away again unless keep() was called and everything is on the disk.
class NewBackup final {
public:
    // Error: there is something at this path already, or no place for it.
    [[nodiscard]] static Result<std::unique_ptr<NewBackup>> create(const std::string& path);
    ~NewBackup();
    NewBackup(const NewBackup&) = delete;
    NewBackup& operator=(const NewBackup&) = delete;

    [[nodiscard]] bool write(std::string_view bytes);
    [[nodiscard]] Status keep();

private:
    NewBackup(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    const std::string path_;
    int descriptor_;
    bool kept_ = false;
};

class BackupFile final : public store::BackupLines {
public:
    explicit BackupFile(const std::string& path) : in_(path, std::ios::binary) {}
    void rewind() override;
    [[nodiscard]] bool next(std::string& line) override;

private:
    std::ifstream in_;
};

}  // namespace proctor::app
