// A recording, or NDJSON, that is played many times. It is read and scored once, and what is about
// a brand is kept in memory, which is the small part of a stream; if that is more than fits, the
// files are read again each time. The same each time, either way.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "monitor/replay/playback.hpp"
#include "monitor/replay/recorded.hpp"

namespace brandwacht::replay {

class Player {
 public:
  static constexpr std::uint64_t kMostBytes = 1ULL << 30U;

  // Reads the files to their ends: NDJSON, directories of a recording, or segments of one. Throws
  // std::runtime_error with one sentence for what cannot be read. `progress` gets the part of 1
  // that was read; may be empty.
  Player(std::vector<std::filesystem::path> files, const line::Settings& settings,
         const std::function<void(double)>& progress = {}, std::uint64_t most_bytes = kMostBytes);

  void play(line::Settings settings, line::Hooks hooks, Time until) const;

  const PlaybackStats& stats() const { return stats_; }
  std::uint64_t about_brands() const { return about_brands_; }

 private:
  class Hasty;

  // Everything through a line that scores and keeps what is about a brand.
  void read_all(const std::function<void(const line::Judged&)>& each, PlaybackStats& stats,
                const std::function<void(double)>& progress) const;

  std::vector<std::filesystem::path> files_;
  line::Settings settings_;
  bool kept_all_ = true;
  std::vector<Kept> kept_;
  PlaybackStats stats_;
  std::uint64_t about_brands_ = 0;
};

}  // namespace brandwacht::replay
