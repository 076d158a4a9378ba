// A file read as it grows, through rotation and truncation, as `tail -F` does. Synchronous: a call
// does one bounded read and never waits; who follows calls again after a while.
//
//   rotation    the path names another file: the old one is read to its end, once more a call later
//   (a program that has
//               not yet noticed may still write to it), then the new one from its beginning
//   truncation  the file is shorter than what was read: from its beginning. One that has grown past
//   that point again
//               between two calls cannot be told from one that only grew
//   absence     waited for
//
// The cursor "device:inode:offset" is the end of the last complete line. After a restart the file
// is found by it even if it was rotated away meanwhile, as long as it lies in the same folder.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace brandwacht::connectors {

class FileTail {
 public:
  enum class Step : std::uint8_t {
    data,       // `bytes` were read
    nothing,    // for now; see failure()
    restarted,  // what comes next does not continue the last line
    end,        // of a file that is not followed
    failed,     // the same, and it cannot be read; see failure()
  };
  struct Result {
    Step step = Step::nothing;
    std::size_t bytes = 0;
  };

  FileTail(std::filesystem::path path, bool follow) : path_(std::move(path)), follow_(follow) {}
  ~FileTail() { close(); }
  FileTail(const FileTail&) = delete;
  FileTail& operator=(const FileTail&) = delete;

  void resume(std::string_view cursor);  // before the first read(); what is no cursor is ignored
  Result read(std::span<char> into);
  void finish_line() { line_end_ = offset_; }  // the rest without newline was taken as a line

  std::string cursor() const;  // empty: nothing was opened yet
  bool is_open() const { return fd_ >= 0; }
  const std::string& failure() const { return failure_; }  // one sentence; empty: none

 private:
  struct Place {
    std::uint64_t device = 0, inode = 0, offset = 0;
  };

  bool open();
  bool open_file(const std::filesystem::path& file);
  bool open_resumed();
  void close();
  Result at_end();
  Result fail(std::string sentence);

  std::filesystem::path path_;
  bool follow_;
  int fd_ = -1;
  std::uint64_t device_ = 0, inode_ = 0;
  std::uint64_t offset_ = 0;    // bytes read
  std::uint64_t line_end_ = 0;  // of the last complete line
  bool rotation_seen_ = false;
  std::optional<Place> resume_;
  std::string failure_;
};

}  // namespace brandwacht::connectors
