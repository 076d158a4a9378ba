#include "monitor/daemon/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace brandwacht::daemon {

Progress::Progress(std::uint64_t total, bool on)
    : total_(total), on_(on && total > 0), start_(Wall::now()) {}

Progress::~Progress() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::operator()(std::uint64_t done, std::uint64_t mentions) {
  if (!on_) return;
  const auto now = Wall::now();
  if (now - shown_ < std::chrono::milliseconds{100}) return;
  shown_ = now;
  drawn_ = true;
  const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
  const double seconds = std::max(std::chrono::duration<double>(now - start_).count(), 1e-3);
  const auto filled = static_cast<std::size_t>(part * 30);
  fmt::print(stderr, "\r\x1b[K[{:#<{}}{:.<{}}] {:3.0f} %  {:.0f} mentions/s  {:.0f} s left", "",
             filled, "", 30 - filled, part * 100, static_cast<double>(mentions) / seconds,
             part > 0 ? seconds * (1 - part) / part : 0.0);
  std::fflush(stderr);
}

}  // namespace brandwacht::daemon
