#include "monitor/line_splitter.hpp"

#include <cstring>

namespace brandwacht {

LineSplitter::LineSplitter(std::size_t max_line, std::size_t chunk)
    : max_line_(max_line), chunk_(chunk), buffer_(2 * chunk + kPadding) {}

std::span<char> LineSplitter::writable() {
  if (skipping_) begin_ = scanned_ = end_ = 0;  // the long line's bytes are not kept
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    scanned_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + chunk_ + kPadding) buffer_.resize(end_ + chunk_ + kPadding);
  return {buffer_.data() + end_, chunk_};
}

void LineSplitter::commit(std::size_t bytes) {
  end_ += bytes;
}

std::optional<std::string_view> LineSplitter::next() {
  for (;;) {
    const void* found = std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_);
    if (found == nullptr) {
      scanned_ = end_;
      if (!skipping_ && end_ - begin_ > max_line_) {
        skipping_ = true;
        ++too_long_;
      }
      return std::nullopt;
    }
    const auto newline = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
    const auto line = give(newline);
    begin_ = scanned_ = newline + 1;
    if (line) return line;
  }
}

std::optional<std::string_view> LineSplitter::finish() {
  const auto line = give(end_);
  begin_ = scanned_ = end_;
  return line;
}

// The line that ends before `end`; nothing when it is empty, too long or the tail of one that was.
std::optional<std::string_view> LineSplitter::give(std::size_t end) {
  if (skipping_) {
    skipping_ = false;
    return std::nullopt;
  }
  if (end > begin_ && buffer_[end - 1] == '\r') --end;
  if (end == begin_) return std::nullopt;
  if (end - begin_ > max_line_) {
    ++too_long_;
    return std::nullopt;
  }
  return std::string_view(buffer_.data() + begin_, end - begin_);
}

}  // namespace brandwacht
