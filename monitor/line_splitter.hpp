// Cuts a stream of bytes into lines without copying whole lines twice, in bounded memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace brandwacht {

// Usage: fill writable(), commit(n), then next() until it gives nothing. Accepts \n and \r\n; gives
// no empty lines. A line over `max_line` bytes (without its end) is skipped to its end and counted
// once; memory stays within max_line + 1 + chunk + padding. Every line given is followed by at
// least kPadding readable bytes and stays valid until the next writable().
class LineSplitter {
 public:
  static constexpr std::size_t kPadding = 64;

  explicit LineSplitter(std::size_t max_line = 1 << 20, std::size_t chunk = 64 << 10);

  std::span<char> writable();  // at least one byte, at most `chunk`
  void commit(std::size_t bytes);
  std::optional<std::string_view> next();
  // At the end of the stream, until it gives nothing: what next() has not given, then a last line
  // without newline.
  std::optional<std::string_view> finish();

  std::uint64_t too_long() const { return too_long_; }       // lines skipped
  std::size_t memory() const { return buffer_.capacity(); }  // bytes held

 private:
  void grow(std::size_t size);
  bool over(std::size_t end) const;
  std::optional<std::string_view> give(std::size_t end);

  std::size_t max_line_, chunk_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;    // first byte not yet given
  std::size_t scanned_ = 0;  // bytes before this hold no newline
  std::size_t end_ = 0;
  bool skipping_ = false;
  std::uint64_t too_long_ = 0;
};

}  // namespace brandwacht
