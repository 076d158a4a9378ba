// What `fit` and `tune` share: a recording that is played many times, a part of it, a line of
// progress, and the fit itself.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/daemon/model_file.hpp"
#include "monitor/daemon/settings.hpp"
#include "monitor/replay/fit.hpp"
#include "monitor/replay/player.hpp"

namespace brandwacht::daemon {

// One line on a terminal that is overwritten, and nothing elsewhere.
class ProgressLine {
 public:
  explicit ProgressLine(bool on) : on_(on) {}
  ~ProgressLine() { clear(); }
  void operator()(double part, std::string_view what);
  void clear();

 private:
  bool on_, drawn_ = false;
  std::chrono::steady_clock::time_point shown_{};
};

struct RehearsalOptions {
  std::string config = "brandwacht.toml";
  std::vector<std::string> files;
  std::string from, to;  // empty: all of it
  bool quiet = false;
};

struct Rehearsal {
  std::unique_ptr<replay::Player> player;
  Time from{}, to{};  // of what is used
};

// Reads the files. nullopt: `status` is the exit status, and why was said on stderr.
std::optional<Rehearsal> rehearse(const RehearsalOptions& options, const Settings& settings,
                                  ProgressLine& progress, int& status);

// Fits to blocks A and B of [from, to).
replay::FitResult fit_model(const Rehearsal& rehearsal, const Settings& settings, Time from,
                            Time to, ProgressLine& progress);
// The table of a fit, and why what was not fitted was not.
std::string fit_table(const replay::FitResult& fit);

}  // namespace brandwacht::daemon
