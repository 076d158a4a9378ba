// A recording that is played many times. It is read once, and what is about a brand is kept in
// memory, which is the small part of a stream; if that is more than fits, the files are read again
// each time. The same each time, either way.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "monitor/mention.hpp"
#include "monitor/replay/replay.hpp"

namespace brandwacht::replay {

class Player {
 public:
  static constexpr std::uint64_t kMostBytes = 1ULL << 30U;

  // Reads the files to their ends; throws std::runtime_error with one sentence for one that cannot
  // be read. `progress` gets the part of 1 that was read; may be empty.
  Player(std::vector<std::filesystem::path> files, const line::Settings& settings,
         const std::function<void(double)>& progress = {}, std::uint64_t most_bytes = kMostBytes);

  void play(line::Settings settings, line::Hooks hooks, Time until) const;

  const Stats& stats() const { return stats_; }
  std::uint64_t about_brands() const { return matched_; }

 private:
  class Hasty;

  std::vector<std::filesystem::path> files_;
  bool kept_all_ = true;
  std::vector<Mention> kept_;
  Stats stats_;
  std::uint64_t matched_ = 0;
};

}  // namespace brandwacht::replay
