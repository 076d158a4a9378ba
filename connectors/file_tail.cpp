#include "connectors/file_tail.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>

namespace brandwacht::connectors {
namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

// Cuts a number and the colon behind it off `text`.
bool take_number(std::string_view& text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.empty()) return true;
  if (text.front() != ':') return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

void FileTail::resume(std::string_view cursor) {
  Place place;
  if (take_number(cursor, place.device) && take_number(cursor, place.inode) &&
      take_number(cursor, place.offset) && cursor.empty())
    resume_ = place;
}

std::string FileTail::cursor() const {
  return inode_ == 0 ? std::string() : fmt::format("{}:{}:{}", device_, inode_, line_end_);
}

void FileTail::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

FileTail::Result FileTail::fail(std::string sentence) {
  close();
  failure_ = std::move(sentence);
  return {follow_ ? Step::nothing : Step::failed};
}

bool FileTail::open_file(const std::filesystem::path& file) {
  // Non-blocking: opening what has meanwhile become a FIFO would wait for its writer.
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat info {};
  if (fd < 0 || ::fstat(fd, &info) != 0) {
    const int error = errno;
    if (fd >= 0) ::close(fd);
    errno = error;
    return false;
  }
  close();
  fd_ = fd;
  device_ = info.st_dev;
  inode_ = info.st_ino;
  offset_ = line_end_ = 0;
  rotation_seen_ = false;
  return true;
}

// The file in which the last run stopped, under whatever name it has now.
bool FileTail::open_resumed() {
  const Place place = *std::exchange(resume_, std::nullopt);
  const auto matches = [&](const std::filesystem::path& file) {
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 && info.st_dev == place.device &&
           info.st_ino == place.inode && static_cast<std::uint64_t>(info.st_size) >= place.offset;
  };
  std::filesystem::path found;
  if (matches(path_)) {
    found = path_;
  } else if (follow_) {
    const auto folder = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
    std::error_code error;
    for (std::filesystem::directory_iterator file(folder, error), end; !error && file != end;
         file.increment(error))
      if (matches(file->path())) found = file->path();
  }
  if (found.empty() || !open_file(found)) return false;
  if (::lseek(fd_, static_cast<off_t>(place.offset), SEEK_SET) < 0) return false;
  offset_ = line_end_ = place.offset;
  return true;
}

bool FileTail::open() {
  if (resume_ && open_resumed()) return true;
  return open_file(path_);
}

FileTail::Result FileTail::read(std::span<char> into) {
  if (fd_ < 0 && !open())
    return fail(fmt::format("cannot open {}: {}", path_.string(), reason(errno)));
  ssize_t count = 0;
  do {
    count = ::read(fd_, into.data(), into.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) return fail(fmt::format("cannot read {}: {}", path_.string(), reason(errno)));
  failure_.clear();
  if (count == 0) return follow_ ? at_end() : Result{Step::end};

  const auto bytes = static_cast<std::size_t>(count);
  if (const void* newline = ::memrchr(into.data(), '\n', bytes))
    line_end_ =
        offset_ + static_cast<std::uint64_t>(static_cast<const char*>(newline) - into.data()) + 1;
  offset_ += bytes;
  rotation_seen_ = false;
  return {Step::data, bytes};
}

FileTail::Result FileTail::at_end() {
  struct stat mine {};
  if (::fstat(fd_, &mine) == 0 && static_cast<std::uint64_t>(mine.st_size) < offset_) {
    if (::lseek(fd_, 0, SEEK_SET) < 0) close();
    offset_ = line_end_ = 0;
    return {Step::restarted};
  }
  struct stat named {};
  if (::stat(path_.c_str(), &named) != 0) return {};  // moved away; its successor is not there yet
  if (named.st_dev == device_ && named.st_ino == inode_) return {};
  if (!std::exchange(rotation_seen_, true)) return {};
  close();
  return {Step::restarted};
}

}  // namespace brandwacht::connectors
