#include "monitor/line_splitter.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace brandwacht {

LineSplitter::LineSplitter(std::size_t max_line, std::size_t chunk)
    : max_line_(max_line), chunk_(std::max<std::size_t>(chunk, 1)), buffer_(chunk_ + kPadding) {}

std::span<char> LineSplitter::writable() {
  if (skipping_) begin_ = scanned_;  // the long line's bytes are not kept
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    scanned_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  grow(end_ + chunk_ + kPadding);
  return {buffer_.data() + end_, chunk_};
}

void LineSplitter::grow(std::size_t size) {
  if (buffer_.size() >= size) return;
  // Doubles, as vector does, but not past what a longest line needs (with '\r').
  const std::size_t most = max_line_ + 1 + chunk_ + kPadding;
  if (buffer_.capacity() < size)
    buffer_.reserve(std::max(size, std::min(2 * buffer_.capacity(), most)));
  buffer_.resize(size);
}

void LineSplitter::commit(std::size_t bytes) {
  assert(bytes <= chunk_);
  end_ += bytes;
}

std::optional<std::string_view> LineSplitter::next() {
  for (;;) {
    const void* found = std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_);
    if (found == nullptr) {
      scanned_ = end_;
      if (!skipping_ && over(end_)) {
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
  if (const auto line = next()) return line;
  const auto line = give(end_);
  begin_ = scanned_ = end_;
  return line;
}

// Whether the line that ends, or goes on, at `end` is over the cap. A '\r' there may be half of
// "\r\n".
bool LineSplitter::over(std::size_t end) const {
  const bool carriage_return = end > begin_ && buffer_[end - 1] == '\r';
  return end - begin_ - (carriage_return ? 1 : 0) > max_line_;
}

// The line that ends before `end`; nothing when it is empty, too long or the tail of one that was.
std::optional<std::string_view> LineSplitter::give(std::size_t end) {
  if (skipping_) {
    skipping_ = false;
    return std::nullopt;
  }
  if (over(end)) {
    ++too_long_;
    return std::nullopt;
  }
  if (end > begin_ && buffer_[end - 1] == '\r') --end;
  if (end == begin_) return std::nullopt;
  return std::string_view(buffer_.data() + begin_, end - begin_);
}

}  // namespace brandwacht
