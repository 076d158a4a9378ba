// The whole state of a line in a file, and how far into the recording it goes: a start reads the
// newest one and then only what was recorded behind it. snapshot-<UTC time>.zst: a note that says
// what it is, a first frame with the numbers of Snapshot and the hash of the state, then the state.
// Blocking.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "monitor/line/line.hpp"
#include "monitor/time.hpp"

namespace brandwacht::replay {

// One sentence that names the file: it is damaged, or not one of ours.
class SnapshotError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Snapshot {
  Time at{};                   // of the line's clock
  std::uint64_t position = 0;  // the last recorded line that is in it (Recording::position())
  std::string state;           // Line::save()
};

// Writes it beside the others: a temporary file, fsync, rename. Only the newest `keep` stay, since
// their posts are beyond erasure. Throws std::system_error; the others are then as they were.
std::filesystem::path write_snapshot(const std::filesystem::path& directory,
                                     const Snapshot& snapshot, std::size_t keep = 2);
// The newest first; other files are left alone. Empty when the directory is absent.
std::vector<std::filesystem::path> snapshots(const std::filesystem::path& directory);
// Throws SnapshotError, or std::system_error when it cannot be read.
Snapshot read_snapshot(const std::filesystem::path& file);

struct Recovered {
  std::unique_ptr<line::Line> line;
  std::optional<Time> snapshot;  // nullopt: none was good, all is from the recording
  std::uint64_t refused = 0;     // snapshots that are damaged (set aside), or of other settings
  std::uint64_t told = 0;        // recorded lines that were told again
  std::uint64_t unknown = 0;     // of brands that are no longer configured, or no lines at all
  std::uint64_t position = 0;    // the last of them
};

// The newest good snapshot, and what was recorded behind it through the same code with virtual
// time, from `since` on if there is no snapshot. `make` makes an empty line of today's settings; it
// is called once for each try, and its hooks are heard, so keep them silent until this returns.
// Damaged snapshots are set aside as *.corrupt-<time>, loudly. Throws std::system_error.
Recovered recover(const std::filesystem::path& snapshot_directory,
                  const std::filesystem::path& recording_directory,
                  const std::function<std::unique_ptr<line::Line>()>& make, Time since, Time now);

}  // namespace brandwacht::replay
