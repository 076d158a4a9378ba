#include "monitor/replay/recording.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <system_error>

namespace brandwacht::replay {
namespace {

constexpr std::size_t kFrame = 4U << 20U;  // of lines; a batch over this makes several frames
constexpr std::string_view kTorn = ".torn-";

std::string erasure(char what, std::uint64_t key, Time now) {
  return fmt::format("{} {:016x} {}\n", what, key, now.time_since_epoch().count());
}

void append_to_file(const std::filesystem::path& file, std::string_view text) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), file.string());
  // Begins with a new line, so that one that was torn before spoils nothing.
  const std::string all = "\n" + std::string(text);
  const bool good = ::write(fd, all.data(), all.size()) == static_cast<ssize_t>(all.size()) &&
                    ::fdatasync(fd) == 0;
  const int error = errno;
  ::close(fd);
  if (!good) throw std::system_error(error, std::generic_category(), file.string());
}

}  // namespace

Recording::Recording(std::filesystem::path directory, RecordingSettings settings, Time now)
    : directory_(std::move(directory)), settings_(settings) {
  std::filesystem::create_directories(directory_);
  for (const auto& entry : std::filesystem::directory_iterator(directory_))
    if (entry.path().extension() == ".new") std::filesystem::remove(entry.path());
  const auto all = segments(directory_);
  for (auto at = all.rbegin(); at != all.rend() && seq_ == 0; ++at)
    seq_ = read_segment(at->file, {}).last_seq;
  if (!all.empty()) {
    last_start_ = all.back().start;
    repair(all.back().file, now);
  }
  read_erasures();
}

void Recording::repair(const std::filesystem::path& file, Time now) {
  const SegmentStats stats = read_segment(file, {});
  const auto size = std::filesystem::file_size(file);
  const std::uint64_t tail = size - std::min<std::uint64_t>(size, stats.good_end);
  repaired_.damages = stats.damages;
  if (tail > 0) {
    std::filesystem::path aside = file;
    aside += std::string(kTorn) + format_rfc3339(now);
    std::ifstream in(file, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(stats.good_end));
    std::ofstream(aside, std::ios::binary) << in.rdbuf();
    std::filesystem::resize_file(file, stats.good_end);
    ++repaired_.files;
    repaired_.bytes += tail;
    spdlog::warn("the recording {} ended in {} bytes that are no whole frame; they are kept as {}",
                 file.string(), tail, aside.string());
  }
  if (stats.damages > (tail > 0 ? 1U : 0U))
    spdlog::error("the recording {} is damaged inside; {} bytes of it are lost", file.string(),
                  stats.damaged_bytes - tail);
}

void Recording::read_erasures() {
  std::ifstream in(directory_ / "erasures");
  for (std::string line; std::getline(in, line);) {
    // "m 0123456789abcdef 1767260000000000"
    std::uint64_t key = 0;
    std::int64_t at = 0;
    if (line.size() < 20 || (line[0] != 'm' && line[0] != 'a')) continue;
    const char* const end = line.data() + line.size();
    if (std::from_chars(&line[2], &line[18], key, 16).ptr != &line[18]) continue;
    if (std::from_chars(&line[19], end, at).ptr != end) continue;
    (line[0] == 'm' ? erasures_.mentions : erasures_.authors).insert(key);
    const Time time{Duration{at}};
    if (erasures_.oldest == Time{} || time < erasures_.oldest) erasures_.oldest = time;
  }
}

bool Recording::is_current(const Segment& segment) const {
  return current_ && segment.file == current_->file();
}

void Recording::rotate(Time now) {
  current_.reset();
  // Names keep the order of writing, whatever the clock does.
  const Time start = std::max(std::chrono::floor<std::chrono::milliseconds>(now) + Duration{0},
                              last_start_ + std::chrono::milliseconds{1});
  current_ = std::make_unique<SegmentWriter>(directory_ / segment_name(start), false);
  sync_directory(directory_);
  current_start_ = now;
  last_start_ = start;
}

void Recording::append(std::span<const Kept> batch, std::uint32_t scorer, Time now) {
  if (batch.empty()) return;
  std::vector<std::uint64_t> mentions, authors;
  frame_.clear();
  lines_.clear();
  const auto flush = [&] {
    if (!lines_.empty()) frames_.append(lines_, frame_);
    lines_.clear();
  };
  std::uint64_t seq = seq_;
  for (const Kept& kept : batch) {
    const line::Judged& judged = kept.judged();
    if (judged.kind == MentionKind::remove) mentions.push_back(judged.seen.mention);
    if (judged.kind == MentionKind::author_gone) authors.push_back(judged.seen.author);
    append_recorded({judged, scorer, ++seq}, lines_);
    if (lines_.size() > kFrame) flush();
  }
  flush();
  // First: after a crash in between something is erased that is not marked as such, not the
  // reverse.
  erase_later(mentions, authors, now);
  const bool old = current_ && now - current_start_ >= settings_.segment_age;
  if (!current_ || old || current_->size() + frame_.size() > settings_.segment_bytes) rotate(now);
  try {
    current_->append(frame_);
    seq_ = seq;
  } catch (const std::system_error&) {
    current_.reset();  // whatever is at its end, nothing is written behind it
    throw;
  }
}

void Recording::erase_later(std::span<const std::uint64_t> mentions,
                            std::span<const std::uint64_t> authors, Time now) {
  std::string text;
  for (const auto key : mentions)
    if (!erasures_.mentions.contains(key)) text += erasure('m', key, now);
  for (const auto key : authors)
    if (!erasures_.authors.contains(key)) text += erasure('a', key, now);
  if (text.empty()) return;
  append_to_file(directory_ / "erasures", text);
  if (erasures_.empty()) erasures_.oldest = now;
  erasures_.mentions.insert(mentions.begin(), mentions.end());
  erasures_.authors.insert(authors.begin(), authors.end());
}

Recording::Maintained Recording::maintain(Time now, bool erase_now) {
  Maintained done;
  done.removed = remove_old(now);
  const bool due = now - erasures_.oldest >= settings_.erase_within / 2 ||
                   erasures_.size() >= kMaxErasures || now < erasures_.oldest;
  if (!erasures_.empty() && (erase_now || due)) done.erased = erase(now);
  for (const Segment& segment : segments(directory_)) {
    const std::string name = segment.file.filename().string();
    if (is_current(segment) || sealed_.contains(name)) continue;
    FrameReader frames(segment.file);
    (void)frames.next();
    if (!frames.note().ends_with("sealed")) {
      rewrite_segment(segment.file, [](const thread::Observation&) { return false; });
      ++done.sealed;
    }
    sealed_.insert(name);
  }
  return done;
}

std::uint64_t Recording::erase(Time now) {
  current_.reset();  // the next append begins a new segment, and this one is rewritten as well
  std::uint64_t erased = 0;
  for (const Segment& segment : segments(directory_)) {
    bool any = false;
    read_segment(segment.file, [&](std::string_view, const RecordedLine& line, LineFault fault) {
      any = any ||
            (fault == LineFault::none && has_words(line) && erasures_.contains(line.judged.seen));
    });
    if (!any) continue;
    erased += rewrite_segment(
        segment.file, [this](const thread::Observation& seen) { return erasures_.contains(seen); });
    sealed_.insert(segment.file.filename().string());
  }
  // What was set aside cannot be read, and so not erased line by line.
  for (const auto& entry : std::filesystem::directory_iterator(directory_))
    if (entry.path().string().find(kTorn) != std::string::npos)
      std::filesystem::remove(entry.path());
  std::filesystem::remove(directory_ / "erasures");
  sync_directory(directory_);
  spdlog::info("{} posts were erased from the recording on behalf of {} deletes at {}", erased,
               erasures_.size(), format_rfc3339(now));
  erasures_ = {};
  return erased;
}

std::uint64_t Recording::remove_old(Time now) {
  auto all = segments(directory_);
  std::uint64_t bytes = 0, removed = 0;
  for (const Segment& segment : all)
    bytes += segment.bytes;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_current(all[i])) continue;
    // It ends where the next begins; the last one is judged by its beginning alone.
    const Time until = i + 1 < all.size() ? all[i + 1].start : all[i].start;
    if (until > now - settings_.keep && bytes <= settings_.max_bytes) break;
    std::filesystem::remove(all[i].file);
    sealed_.erase(all[i].file.filename().string());
    bytes -= all[i].bytes;
    ++removed;
  }
  return removed;
}

}  // namespace brandwacht::replay
