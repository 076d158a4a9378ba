#include "monitor/daemon/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace brandwacht::daemon {

LockFile::LockFile(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    throw std::runtime_error("the data directory " + directory.string() +
                             " cannot be made: " + error.message());
  const auto file = directory / "lock";
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0)
    throw std::runtime_error("the data directory " + directory.string() +
                             " cannot be written: " + std::strerror(errno));
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd_);
    throw std::runtime_error("the data directory " + directory.string() +
                             " is in use by another brandwacht");
  }
}

LockFile::~LockFile() {
  ::close(fd_);
}  // and with it the lock

}  // namespace brandwacht::daemon
