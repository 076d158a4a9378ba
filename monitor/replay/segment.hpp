// The files of a recording: seg-<UTC start>.ndjson.zst, each a note that says what it is and then
// frames of whole lines (frames.hpp, recorded.hpp).
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/replay/frames.hpp"
#include "monitor/replay/recorded.hpp"
#include "monitor/time.hpp"

namespace brandwacht::replay {

inline constexpr std::uint32_t kRecordingFormat = 1;

// One sentence that names the file.
class RecordingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Segment {
  std::filesystem::path file;
  Time start{};             // from the name: when it was begun
  std::uint64_t bytes = 0;  // on disk
};

std::string segment_name(Time start);
std::optional<Time> segment_start(std::string_view name) noexcept;  // nullopt: not one of ours
// The segments of a directory in order of time; other files are left alone. Empty when the
// directory is absent.
std::vector<Segment> segments(const std::filesystem::path& directory);

// A post that was not erased (yet): not a delete, nor an author who is gone.
bool has_words(const RecordedLine& line) noexcept;

struct SegmentStats {
  std::uint64_t frames = 0, lines = 0, erased = 0, bytes = 0;  // bytes: of the content
  std::uint64_t faulty = 0;                                    // lines that are no recorded mention
  std::uint64_t damages = 0, damaged_bytes = 0;
  std::uint64_t good_end = 0;  // in the file, behind the last whole frame
  Time first{}, last{};        // received_at
  std::uint64_t first_seq = 0, last_seq = 0;
  bool sealed = false;
};

// The lines of one segment. Damage is stepped over. Throws RecordingError for a file that a newer
// version wrote, std::system_error for one that cannot be read.
class LineReader {
 public:
  explicit LineReader(const std::filesystem::path& file) : file_(file), frames_(file) {}

  // The next line, or what could be read of it (fault()); nullptr at the end. Valid until the next
  // call, and the caller's to change.
  RecordedLine* next();
  LineFault fault() const { return fault_; }
  std::string_view text() const { return text_; }  // followed by padding for simdjson
  bool at_frame_end() const { return rest_.empty(); }
  bool sealed() const { return sealed_; }

  std::uint64_t frames() const { return count_; }
  std::uint64_t bytes() const { return bytes_; }  // of the content so far
  std::uint64_t offset() const { return frames_.offset(); }
  std::uint64_t good_end() const { return frames_.good_end(); }
  std::uint64_t damages() const { return frames_.damages(); }
  std::uint64_t damaged_bytes() const { return frames_.damaged_bytes(); }

 private:
  std::filesystem::path file_;
  FrameReader frames_;
  RecordedParser parser_;
  RecordedLine line_;
  LineFault fault_ = LineFault::none;
  std::string_view rest_, text_;
  std::uint64_t count_ = 0, bytes_ = 0;
  bool sealed_ = false;
};

// Calls `each` for every line, in order. The line is followed by padding for simdjson; `line` holds
// what was parsed, or only the fault. Damage is stepped over. Throws RecordingError for a file that
// a newer version wrote, std::system_error for one that cannot be read.
SegmentStats read_segment(
    const std::filesystem::path& file,
    const std::function<void(std::string_view text, const RecordedLine& line, LineFault)>& each);

// The same for all lines of a recording behind line `seq` (0: all), without reading the segments
// before it. Reads no further than to the end that it finds.
void read_behind(
    const std::filesystem::path& directory, std::uint64_t seq,
    const std::function<void(std::string_view text, const RecordedLine& line, LineFault)>& each);

// A file that is written frame by frame. Each append is on disk (fdatasync) before it returns; when
// it fails, the file is cut back to what was whole, and std::system_error is thrown.
class SegmentWriter {
 public:
  SegmentWriter(std::filesystem::path file, bool sealed);
  // For another kind of file: `note` says what it is.
  SegmentWriter(std::filesystem::path file, std::string_view note);
  ~SegmentWriter();
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  void append(std::string_view frames, bool sync = true);
  void sync();
  std::uint64_t size() const { return size_; }
  const std::filesystem::path& file() const { return file_; }

 private:
  void write(std::string_view bytes);

  std::filesystem::path file_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

// Writes the segment anew with large frames, without the words, names, ids and urls of the lines
// that `gone` names, and puts it in place of the old one at once. The number of lines that were
// erased. Throws as read_segment() and SegmentWriter; the old file then stays.
std::uint64_t rewrite_segment(const std::filesystem::path& file,
                              const std::function<bool(const thread::Observation&)>& gone);

void sync_directory(const std::filesystem::path& directory);

}  // namespace brandwacht::replay
