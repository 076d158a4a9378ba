#include "monitor/replay/frames.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace brandwacht::replay {
namespace {

constexpr std::uint32_t kMagic = 0xFD2FB528, kSkippable = 0x184D2A50;  // RFC 8878
constexpr std::size_t kNoteHead = 8, kMaxNote = 256;
// Not more than kMaxFrameContent can become in a frame, so what is longer is damage.
const std::size_t kMaxFrame = ZSTD_compressBound(kMaxFrameContent);
constexpr std::size_t kRead = 1U << 20U;

std::uint32_t word(const char* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);  // little-endian, as all machines that we build for
  return value;
}

}  // namespace

FrameWriter::FrameWriter(int level) : context_(ZSTD_createCCtx()) {
  if (context_ == nullptr) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
}

FrameWriter::~FrameWriter() {
  ZSTD_freeCCtx(context_);
}

void FrameWriter::append(std::string_view content, std::string& out) {
  if (content.size() > kMaxFrameContent) throw std::length_error("a frame is too large");
  const std::size_t before = out.size();
  out.resize(before + ZSTD_compressBound(content.size()));
  const std::size_t size = ZSTD_compress2(context_, out.data() + before, out.size() - before,
                                          content.data(), content.size());
  if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
  out.resize(before + size);
}

void append_note(std::string_view note, std::string& out) {
  const std::uint32_t head[2] = {kSkippable, static_cast<std::uint32_t>(note.size())};
  out.append(reinterpret_cast<const char*>(head), sizeof head);
  out += note;
}

FrameReader::FrameReader(const std::filesystem::path& file)
    : fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), file.string());
  context_ = ZSTD_createDCtx();
  if (context_ == nullptr) {
    ::close(fd_);
    throw std::bad_alloc();
  }
}

FrameReader::~FrameReader() {
  ZSTD_freeDCtx(context_);
  ::close(fd_);
}

// More bytes behind those at hand. False: there are none.
bool FrameReader::fill() {
  if (eof_) return false;
  if (begin_ > 0) {
    std::memmove(input_.data(), input_.data() + begin_, available());
    end_ -= begin_;
    begin_ = 0;
  }
  if (input_.size() < end_ + kRead) input_.resize(end_ + kRead);
  ssize_t got = 0;
  do
    got = ::read(fd_, input_.data() + end_, kRead);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    throw std::system_error(errno, std::generic_category(), "a recording cannot be read");
  if (got == 0) eof_ = true;
  end_ += static_cast<std::size_t>(got);
  return got > 0;
}

void FrameReader::step(std::size_t bytes) {
  begin_ += bytes;
  offset_ += bytes;
}

// One byte on, and from there to what could be the beginning of a frame.
void FrameReader::skip_damage() {
  if (!in_damage_) ++damages_;
  in_damage_ = true;
  std::size_t skip = 1;
  while (begin_ + skip + 4 <= end_ && word(&input_[begin_ + skip]) != kMagic &&
         (word(&input_[begin_ + skip]) & 0xFFFFFFF0U) != kSkippable)
    ++skip;
  if (begin_ + skip + 4 > end_ && eof_) skip = available();
  damaged_ += skip;
  step(skip);
}

bool FrameReader::decompress(std::size_t size) {
  const char* const frame = &input_[begin_];
  const auto content = ZSTD_getFrameContentSize(frame, size);
  if (content > kMaxFrameContent) return false;  // the two error values are above every limit
  if (capacity_ < content + kPadding) {
    capacity_ = static_cast<std::size_t>(content) + kPadding;
    content_.reset(new char[capacity_]);
  }
  const std::size_t got =
      ZSTD_decompressDCtx(context_, content_.get(), static_cast<std::size_t>(content), frame, size);
  if (ZSTD_isError(got) != 0) return false;
  size_ = got;
  std::memset(content_.get() + size_, 0, kPadding);
  return true;
}

std::optional<std::string_view> FrameReader::next() {
  for (;;) {
    while (available() < kNoteHead && fill()) {
    }
    if (available() == 0) return std::nullopt;
    const std::uint32_t magic = available() >= 4 ? word(&input_[begin_]) : 0;
    if (available() >= kNoteHead && (magic & 0xFFFFFFF0U) == kSkippable) {
      const std::size_t size = word(&input_[begin_ + 4]);
      while (size <= kMaxNote && available() < kNoteHead + size && fill()) {
      }
      if (size <= kMaxNote && available() >= kNoteHead + size) {
        note_.assign(&input_[begin_ + kNoteHead], size);
        step(kNoteHead + size);
        good_end_ = offset_;
        in_damage_ = false;
        continue;
      }
    }
    if (magic == kMagic) {
      std::size_t size = ZSTD_findFrameCompressedSize(&input_[begin_], available());
      while (ZSTD_isError(size) != 0 && available() < kMaxFrame && fill())
        size = ZSTD_findFrameCompressedSize(&input_[begin_], available());
      if (ZSTD_isError(size) == 0 && decompress(size)) {
        step(size);
        good_end_ = offset_;
        in_damage_ = false;
        return std::string_view(content_.get(), size_);
      }
    }
    skip_damage();
  }
}

}  // namespace brandwacht::replay
