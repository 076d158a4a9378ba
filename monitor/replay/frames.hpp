// A file of zstd frames, one behind the other, each whole in itself and with a checksum: what was
// written before the last frame is good whatever happened to that one, and `zstdcat` reads it all.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace brandwacht::replay {

inline constexpr std::size_t kMaxFrameContent = 8U << 20U;  // bytes; a larger frame is damage

// Reused from frame to frame.
class FrameWriter {
 public:
  explicit FrameWriter(int level = 3);
  ~FrameWriter();
  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;

  // Appends one frame with `content` (at most kMaxFrameContent) to `out`.
  void append(std::string_view content, std::string& out);

 private:
  ZSTD_CCtx_s* context_;
};

// A frame that zstd skips: readers of ours find there what the file is.
void append_note(std::string_view note, std::string& out);

// Reads a file from its beginning in bounded memory. Damage is stepped over to the next frame that
// is whole, and counted.
class FrameReader {
 public:
  static constexpr std::size_t kPadding = 64;  // readable bytes behind a content

  // Throws std::system_error when the file cannot be opened.
  explicit FrameReader(const std::filesystem::path& file);
  ~FrameReader();
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  // The content of the next whole frame, valid until the next call; nothing at the end. Throws
  // std::system_error when the file cannot be read.
  std::optional<std::string_view> next();

  const std::string& note() const { return note_; }     // the last that was passed
  std::uint64_t offset() const { return offset_; }      // in the file, behind what was looked at
  std::uint64_t good_end() const { return good_end_; }  // behind the last whole frame
  std::uint64_t damaged_bytes() const { return damaged_; }  // stepped over
  std::uint64_t damages() const { return damages_; }        // places where that began

 private:
  bool fill();
  std::size_t available() const { return end_ - begin_; }
  void step(std::size_t bytes);
  void skip_damage();
  bool decompress(std::size_t size);

  int fd_ = -1;
  ZSTD_DCtx_s* context_;
  std::vector<char> input_;
  std::unique_ptr<char[]> content_;
  std::size_t capacity_ = 0, size_ = 0;
  std::size_t begin_ = 0, end_ = 0;
  bool eof_ = false, in_damage_ = false;
  std::string note_;
  std::uint64_t offset_ = 0, good_end_ = 0, damaged_ = 0, damages_ = 0;
};

}  // namespace brandwacht::replay
