#include "monitor/daemon/recording_settings.hpp"

namespace brandwacht::daemon {

void read_recording(config::Section& root, RecordingOptions& options) {
  using namespace std::chrono_literals;
  auto section = root.section("recording");
  if (!section) return;
  section->read("enabled", options.enabled);
  section->read_path("dir", options.dir);
  section->read("keep", options.settings.keep, 1h, 10 * 366 * 24h);
  auto gib = static_cast<std::int64_t>(options.settings.max_bytes >> 30U);
  section->read("max_gib", gib, 1, 100'000);
  options.settings.max_bytes = static_cast<std::uint64_t>(gib) << 30U;
  section->read("erase_within", options.settings.erase_within, 1min, 30 * 24h);
  section->close();
}

}  // namespace brandwacht::daemon
