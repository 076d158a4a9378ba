// [recording]: whether, where and for how long what the line judged is kept.
#pragma once
#include <filesystem>
#include <string>

#include "config/reader.hpp"
#include "monitor/replay/recording.hpp"

namespace brandwacht::daemon {

struct RecordingOptions {
  bool enabled = true;
  std::filesystem::path dir;  // empty: "recording" in the daemon's data_dir
  replay::RecordingSettings settings;

  std::filesystem::path directory(const std::filesystem::path& data_dir) const {
    return dir.empty() ? data_dir / "recording" : dir;
  }
};

void read_recording(config::Section& root, RecordingOptions& options);

}  // namespace brandwacht::daemon
