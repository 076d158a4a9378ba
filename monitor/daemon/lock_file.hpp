// One daemon for one data directory.
#pragma once
#include <filesystem>

namespace brandwacht::daemon {

class LockFile {
 public:
  // Throws std::runtime_error with a sentence when another process holds the directory or it cannot
  // be written.
  explicit LockFile(const std::filesystem::path& directory);
  ~LockFile();
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace brandwacht::daemon
