#include "monitor/replay/segment.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>

namespace brandwacht::replay {
namespace {

constexpr std::string_view kNote = "brandwacht recording ";  // then the format, then the state
constexpr std::string_view kPrefix = "seg-", kSuffix = ".ndjson.zst";
constexpr std::size_t kSealedFrame = 256U << 10U;  // of content: compresses as well as it will

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw std::system_error(errno, std::generic_category(), file.string());
}

// "brandwacht recording 1 open" or "... sealed". Whether it is sealed.
bool check_note(std::string_view note, const std::filesystem::path& file) {
  if (!note.starts_with(kNote)) return false;
  note.remove_prefix(kNote.size());
  std::uint32_t format = 0;
  std::from_chars(note.data(), note.data() + note.size(), format);
  if (format > kRecordingFormat)
    throw RecordingError(
        fmt::format("{} was written by a newer brandwacht (format {}, known is {})", file.string(),
                    format, kRecordingFormat));
  return note.ends_with("sealed");
}

}  // namespace

bool has_words(const RecordedLine& line) noexcept {
  const MentionKind kind = line.judged.kind;
  return !line.judged.erased && (kind == MentionKind::create || kind == MentionKind::edit);
}

std::string segment_name(Time start) {
  const auto day = std::chrono::floor<std::chrono::days>(start);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(start - day)};
  return fmt::format(
      "{}{:04}{:02}{:02}T{:02}{:02}{:02}.{:03}Z{}", kPrefix, static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
      clock.minutes().count(), clock.seconds().count(), clock.subseconds().count(), kSuffix);
}

std::optional<Time> segment_start(std::string_view name) noexcept {
  constexpr std::size_t kTime = 20;  // 20260525T142328.757Z
  if (name.size() != kPrefix.size() + kTime + kSuffix.size() || !name.starts_with(kPrefix) ||
      !name.ends_with(kSuffix))
    return std::nullopt;
  const std::string_view t = name.substr(kPrefix.size(), kTime);
  char text[] = "0000-00-00T00:00:00.000Z";
  const auto copy = [&](std::size_t to, std::size_t from, std::size_t size) {
    std::memcpy(text + to, t.data() + from, size);
  };
  copy(0, 0, 4);
  copy(5, 4, 2);
  copy(8, 6, 5);  // day, T, hour
  copy(14, 11, 2);
  copy(17, 13, 7);  // second, fraction, Z
  return parse_rfc3339(std::string_view(text, sizeof text - 1));
}

std::vector<Segment> segments(const std::filesystem::path& directory) {
  std::vector<Segment> out;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    const auto start = segment_start(at->path().filename().string());
    std::error_code gone;
    if (!start || !at->is_regular_file(gone)) continue;
    const auto bytes = at->file_size(gone);
    if (!gone) out.push_back({at->path(), *start, bytes});
  }
  if (error && error != std::errc::no_such_file_or_directory)
    throw std::system_error(error, directory.string());
  std::ranges::sort(out, {}, &Segment::start);
  return out;
}

RecordedLine* LineReader::next() {
  while (rest_.empty()) {
    const auto content = frames_.next();
    if (count_ == 0 || !content) sealed_ = check_note(frames_.note(), file_);
    if (!content) return nullptr;
    ++count_;
    bytes_ += content->size();
    rest_ = *content;
  }
  const auto end = std::min(rest_.find('\n'), rest_.size());
  text_ = rest_.substr(0, end);
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  fault_ = parser_.parse(text_, line_);
  return &line_;
}

SegmentStats read_segment(
    const std::filesystem::path& file,
    const std::function<void(std::string_view text, const RecordedLine& line, LineFault)>& each) {
  LineReader reader(file);
  SegmentStats stats;
  while (const RecordedLine* const line = reader.next()) {
    ++stats.lines;
    if (reader.fault() == LineFault::none) {
      const Time at = line->judged.seen.received_at;
      if (stats.first == Time{}) stats.first = at;
      stats.last = std::max(stats.last, at);
      if (stats.first_seq == 0) stats.first_seq = line->seq;
      stats.last_seq = std::max(stats.last_seq, line->seq);
      stats.erased += line->judged.erased ? 1 : 0;
    } else {
      ++stats.faulty;
    }
    if (each) each(reader.text(), *line, reader.fault());
  }
  stats.sealed = reader.sealed();
  stats.frames = reader.frames();
  stats.bytes = reader.bytes();
  stats.damages = reader.damages();
  stats.damaged_bytes = reader.damaged_bytes();
  stats.good_end = reader.good_end();
  return stats;
}

namespace {

// 0: the segment has no line.
std::uint64_t first_seq(const std::filesystem::path& file) {
  LineReader lines(file);
  while (const RecordedLine* const line = lines.next())
    if (lines.fault() == LineFault::none) return line->seq;
  return 0;
}

}  // namespace

void read_behind(
    const std::filesystem::path& directory, std::uint64_t seq,
    const std::function<void(std::string_view text, const RecordedLine& line, LineFault)>& each) {
  const auto all = segments(directory);
  auto from = all.end();
  while (from != all.begin()) {
    --from;
    const std::uint64_t first = first_seq(from->file);
    if (first != 0 && first <= seq + 1) break;
  }
  for (; from != all.end(); ++from)
    read_segment(from->file, [&](std::string_view text, const RecordedLine& line, LineFault fault) {
      if (fault != LineFault::none || line.seq > seq) each(text, line, fault);
    });
}

SegmentWriter::SegmentWriter(std::filesystem::path file, bool sealed)
    : SegmentWriter(std::move(file),
                    std::string_view(fmt::format("{}{} {}", kNote, kRecordingFormat,
                                                 sealed ? "sealed" : "open"))) {}

SegmentWriter::SegmentWriter(std::filesystem::path file, std::string_view what)
    : file_(std::move(file)),
      fd_(::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640)) {
  if (fd_ < 0) fail(file_);
  std::string note;
  append_note(what, note);
  try {
    append(note, false);  // on disk with the first frame
  } catch (...) {
    ::close(fd_);
    ::unlink(file_.c_str());
    throw;
  }
}

SegmentWriter::~SegmentWriter() {
  ::close(fd_);
}

void SegmentWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail(file_);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

void SegmentWriter::append(std::string_view frames, bool synced) {
  try {
    write(frames);
    if (synced) sync();
  } catch (const std::system_error&) {
    // Should this fail as well, the next reader finds the torn frame and steps over it.
    if (::ftruncate(fd_, static_cast<off_t>(size_)) == 0)
      (void)::lseek(fd_, static_cast<off_t>(size_), SEEK_SET);
    throw;
  }
  size_ += frames.size();
}

void SegmentWriter::sync() {
  if (::fdatasync(fd_) != 0) fail(file_);
}

void sync_directory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) fail(directory);
  const bool good = ::fsync(fd) == 0;
  ::close(fd);
  if (!good) fail(directory);
}

std::uint64_t rewrite_segment(const std::filesystem::path& file,
                              const std::function<bool(const thread::Observation&)>& gone) {
  std::filesystem::path temporary = file;
  temporary += ".new";
  std::filesystem::remove(temporary);
  std::uint64_t erased = 0;
  try {
    SegmentWriter out(temporary, true);
    FrameWriter frames;
    std::string content, frame;
    const auto flush = [&] {
      frame.clear();
      if (!content.empty()) frames.append(content, frame);
      out.append(frame, false);
      content.clear();
    };
    read_segment(file, [&](std::string_view text, const RecordedLine& line, LineFault fault) {
      if (content.size() + text.size() > kSealedFrame) flush();
      if (fault != LineFault::none) return;  // not ours; whatever it is, it is not kept
      if (has_words(line) && gone(line.judged.seen)) {
        append_erased(line, content);
        ++erased;
      } else {
        content += text;
        content += '\n';
      }
    });
    flush();
    out.sync();
    std::filesystem::rename(temporary, file);
    sync_directory(file.parent_path());
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
  return erased;
}

}  // namespace brandwacht::replay
