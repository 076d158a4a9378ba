// A recording through the line with virtual time: with the scores that stand in it, or scored
// again.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <span>
#include <vector>

#include "monitor/replay/replay.hpp"
#include "monitor/replay/segment.hpp"

namespace brandwacht::replay {

struct PlaybackSettings {
  Range range;
  bool rescore = false;      // also what this version scored
  double negative_at = 0.5;  // as the line has it
};

struct PlaybackStats {
  Stats read;  // bytes: of the files
  std::uint64_t stored_scores = 0, scored_again = 0, erased = 0;
  std::uint64_t without_brand = 0;  // their brand is not configured: matched and scored as new
  std::uint64_t damages = 0;
  std::set<std::uint32_t> other_scorers;  // versions that are not this program's
};

// Is it a directory, or a file that a recording consists of?
bool is_recording(const std::filesystem::path& path);
// The files of it in order of time; a file is itself.
std::vector<Segment> recording_files(const std::filesystem::path& path);

// Plays `files` in their order; `progress` is called about every frame with the bytes read of all.
// Throws as read_segment().
void play(std::span<const Segment> files, VirtualTime& time, const PlaybackSettings& settings,
          PlaybackStats& stats, const std::function<void(std::uint64_t bytes)>& progress = {});

}  // namespace brandwacht::replay
