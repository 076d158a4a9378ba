#include "monitor/replay/player.hpp"

#include <fmt/format.h>

#include <fstream>
#include <numeric>
#include <stdexcept>

namespace brandwacht::replay {
namespace {

std::ifstream open(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(fmt::format("{} cannot be read", file.string()));
  return in;
}

std::vector<Segment> recording(const std::filesystem::path& path) {
  auto files = recording_files(path);
  if (files.empty())
    throw std::runtime_error(
        fmt::format("{} holds no recording (seg-*.ndjson.zst)", path.string()));
  return files;
}

std::uint64_t size_of(const std::filesystem::path& path) {
  if (is_recording(path)) {
    const auto files = recording(path);
    return std::accumulate(files.begin(), files.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Segment& file) { return sum + file.bytes; });
  }
  std::error_code unknown;  // a FIFO has none
  const auto size = std::filesystem::file_size(path, unknown);
  return unknown ? 0 : size;
}

}  // namespace

Player::Player(std::vector<std::filesystem::path> files, const line::Settings& settings,
               const std::function<void(double)>& progress, std::uint64_t most_bytes)
    : files_(std::move(files)), settings_(settings) {
  std::uint64_t kept_bytes = 0;
  read_all(
      [&](const line::Judged& judged) {
        ++about_brands_;
        if (!kept_all_) return;
        kept_bytes += kept_.emplace_back(judged).bytes();
        if (kept_bytes <= most_bytes) return;
        kept_all_ = false;
        kept_.clear();
        kept_.shrink_to_fit();
      },
      stats_, progress);
}

void Player::read_all(const std::function<void(const line::Judged&)>& each, PlaybackStats& stats,
                      const std::function<void(double)>& progress) const {
  std::uint64_t total = 0, before = 0;
  for (const auto& file : files_)
    total += size_of(file);
  const auto draw = [&](std::uint64_t bytes) {
    if (progress && total > 0)
      progress(static_cast<double>(before + bytes) / static_cast<double>(total));
  };
  line::Hooks hooks;
  hooks.judged = each;
  line::Line line(settings_, std::move(hooks));
  VirtualTime time(line);
  PlaybackSettings with;
  with.negative_at = settings_.threads.negative_at;
  for (const auto& file : files_) {
    if (is_recording(file)) {
      replay::play(recording(file), time, with, stats, draw);
    } else {
      std::ifstream in = open(file);
      const std::uint64_t so_far = stats.read.bytes;
      replay::replay(in, time, stats.read, [&](std::uint64_t bytes) { draw(bytes - so_far); });
    }
    before += size_of(file);
  }
}

// As VirtualTime, but with a tick every 5 min once a hold is over: what an incident does then, to
// cool and to close, takes hours, and it is open for a day.
class Player::Hasty {
 public:
  explicit Hasty(line::Line& line)
      : line_(line), fine_(line.settings().decision.hold + std::chrono::minutes{2}) {}
  void replay(line::Judged judged) {
    advance(judged.seen.received_at);
    last_ = now_;
    line_.replay(judged, now_);
  }
  void advance(Time to) {
    constexpr Duration kCoarse = std::chrono::minutes{5}, kFine = VirtualTime::Tick{1};
    while (line_.has_open()) {
      const Duration step = now_ - last_ < fine_ ? kFine : kCoarse;
      const Time next{(now_.time_since_epoch() / step + 1) * step};
      if (next > to) break;
      now_ = next;
      line_.tick(now_);
    }
    now_ = std::max(now_, to);
  }

 private:
  line::Line& line_;
  Duration fine_;
  Time now_{}, last_{};
};

void Player::play(line::Settings settings, line::Hooks hooks, Time until) const {
  line::Line line(std::move(settings), std::move(hooks));
  Hasty time(line);
  const auto take = [&](const line::Judged& judged) {
    if (judged.seen.received_at <= until) time.replay(judged);
  };
  if (kept_all_) {
    for (const Kept& kept : kept_) {
      if (kept.judged().seen.received_at > until) break;
      take(kept.judged());
    }
  } else {
    PlaybackStats again;
    read_all(take, again, {});
  }
  time.advance(std::min(until, stats_.read.last + std::chrono::minutes{2}));
}

}  // namespace brandwacht::replay
