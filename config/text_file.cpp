#include "config/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace brandwacht::config {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string reason(int error) {
  return std::generic_category().message(error);
}

std::string too_large(std::size_t max_bytes) {
  return fmt::format("is larger than {} KiB, the most that is read here", max_bytes / 1024);
}

}  // namespace

TextFile read_text_file(const std::filesystem::path& file, std::size_t max_bytes) {
  TextFile result;
  const auto fail = [&result](std::string fault) {
    result.text.clear();
    result.fault = std::move(fault);
    return result;
  };
  // O_NONBLOCK: to open a fifo without a writer would wait for ever.
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return fail(fmt::format("cannot be opened: {}", reason(errno)));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) {
    return fail(fmt::format("cannot be examined: {}", reason(errno)));
  }
  if (S_ISDIR(status.st_mode)) return fail("is a directory, not a file");
  if (!S_ISREG(status.st_mode)) return fail("is not a regular file");
  if (static_cast<std::uintmax_t>(status.st_size) > max_bytes) return fail(too_large(max_bytes));
  result.world_readable = (status.st_mode & S_IROTH) != 0;

  // The size may lie (/proc) or change under us: read to the end, and bound what is read.
  char block[4096];
  for (;;) {
    const ssize_t got = ::read(fd.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(fmt::format("cannot be read: {}", reason(errno)));
    if (got == 0) return result;
    result.text.append(block, static_cast<std::size_t>(got));
    if (result.text.size() > max_bytes) return fail(too_large(max_bytes));
  }
}

}  // namespace brandwacht::config
