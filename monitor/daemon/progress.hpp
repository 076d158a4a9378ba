// A bar on a terminal: how far, how fast, how long still.
#pragma once
#include <chrono>
#include <cstdint>

namespace brandwacht::daemon {

// Draws on stderr at most ten times a second; gone when it goes out of scope. `total` 0 or `on`
// false: nothing is drawn.
class Progress {
 public:
  Progress(std::uint64_t total, bool on);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void operator()(std::uint64_t done, std::uint64_t mentions);

 private:
  using Wall = std::chrono::steady_clock;
  std::uint64_t total_;
  bool on_, drawn_ = false;
  Wall::time_point start_, shown_{};
};

}  // namespace brandwacht::daemon
