#include "monitor/replay/snapshot.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <system_error>

#include "monitor/hash.hpp"
#include "monitor/replay/frames.hpp"
#include "monitor/replay/replay.hpp"
#include "monitor/replay/segment.hpp"

namespace brandwacht::replay {
namespace {

constexpr std::string_view kNote = "brandwacht snapshot 1";
constexpr std::string_view kPrefix = "snapshot-", kSuffix = ".zst";
constexpr std::size_t kPart = 4U << 20U;
constexpr std::size_t kMostState = std::size_t{16} << 30U;

struct Head {
  Time at;
  std::uint64_t position, size, hash;
};

// "snapshot-20260101T093320.123Z.zst", from the name of a segment of that moment.
std::string name_of(Time at) {
  const std::string segment = segment_name(at);
  const auto begin = segment.find('-') + 1;
  return std::string(kPrefix) + segment.substr(begin, segment.find('.', begin + 20) - begin) +
         std::string(kSuffix);
}

[[noreturn]] void refuse(const std::filesystem::path& file, const char* why) {
  throw SnapshotError("the snapshot " + file.string() + " " + why);
}

std::unique_ptr<line::Line> from_snapshot(const std::filesystem::path& file,
                                          const std::function<std::unique_ptr<line::Line>()>& make,
                                          Time now, Recovered& out) {
  try {
    const Snapshot snapshot = read_snapshot(file);
    auto line = make();
    line->load(snapshot.state);
    out.snapshot = snapshot.at;
    out.position = snapshot.position;
    return line;
  } catch (const ArchiveError& error) {
    spdlog::warn("the snapshot {} is not used: {}", file.string(), error.what());
  } catch (const SnapshotError& error) {
    std::filesystem::path aside = file;
    aside += ".corrupt-" + format_rfc3339(now);
    std::filesystem::rename(file, aside);
    spdlog::error("{}; it is kept as {}", error.what(), aside.string());
  }
  ++out.refused;
  return nullptr;
}

}  // namespace

std::filesystem::path write_snapshot(const std::filesystem::path& directory,
                                     const Snapshot& snapshot, std::size_t keep) {
  std::filesystem::create_directories(directory);
  const Head head{snapshot.at, snapshot.position, snapshot.state.size(),
                  hash_bytes(snapshot.state)};
  // Names keep the order of writing, whatever the clock does.
  auto file = directory / name_of(snapshot.at);
  const auto before = snapshots(directory);
  for (Time at = snapshot.at; !before.empty() && file.filename() <= before.front().filename();)
    file = directory / name_of(at += std::chrono::hours{1});
  std::filesystem::path temporary = file;
  temporary += ".new";
  std::filesystem::remove(temporary);
  try {
    SegmentWriter out(temporary, kNote);
    FrameWriter frames(1);
    std::string frame;
    frames.append({reinterpret_cast<const char*>(&head), sizeof head}, frame);
    out.append(frame, false);
    for (std::string_view rest = snapshot.state; !rest.empty();) {
      frame.clear();
      frames.append(rest.substr(0, kPart), frame);
      out.append(frame, false);
      rest.remove_prefix(std::min(kPart, rest.size()));
    }
    out.sync();
    std::filesystem::rename(temporary, file);
    sync_directory(directory);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
  const auto all = snapshots(directory);
  for (std::size_t i = std::max<std::size_t>(keep, 1); i < all.size(); ++i)
    std::filesystem::remove(all[i]);
  return file;
}

std::vector<std::filesystem::path> snapshots(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> out;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(directory, absent)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kPrefix) && name.ends_with(kSuffix)) out.push_back(entry.path());
  }
  std::ranges::sort(out, std::greater<>{});
  return out;
}

Snapshot read_snapshot(const std::filesystem::path& file) {
  FrameReader frames(file);
  Head head{};
  const auto first = frames.next();
  if (frames.note() != kNote) refuse(file, "is none, or of another version");
  if (!first || first->size() != sizeof head) refuse(file, "is damaged at its beginning");
  std::memcpy(&head, first->data(), sizeof head);
  if (head.size > kMostState) refuse(file, "is damaged at its beginning");
  Snapshot out{head.at, head.position, {}};
  while (const auto part = frames.next()) {
    if (part->size() > head.size - out.state.size()) refuse(file, "is longer than it says");
    out.state += *part;
  }
  if (frames.damages() > 0 || out.state.size() != head.size || hash_bytes(out.state) != head.hash)
    refuse(file, "is damaged");
  return out;
}

Recovered recover(const std::filesystem::path& snapshot_directory,
                  const std::filesystem::path& recording_directory,
                  const std::function<std::unique_ptr<line::Line>()>& make, Time since, Time now) {
  Recovered out;
  for (const auto& file : snapshots(snapshot_directory)) {
    out.line = from_snapshot(file, make, now, out);
    if (out.line) break;
  }
  const bool whole = !out.line;
  if (whole) out.line = make();
  VirtualTime time(*out.line);
  read_behind(recording_directory, out.position,
              [&](std::string_view, const RecordedLine& line, LineFault fault) {
                if (fault == LineFault::none) out.position = std::max(out.position, line.seq);
                if (whole && line.judged.seen.received_at < since) return;
                line::Judged judged = line.judged;
                if (fault == LineFault::none && time.replay(judged))
                  ++out.told;
                else
                  ++out.unknown;
              });
  return out;
}

}  // namespace brandwacht::replay
