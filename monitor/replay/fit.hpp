// Learning a desk's own model from its recording (escalation-model sections 2 to 4): when its
// public is awake, how a joiner draws others, how sure one can be, and what the numbers of a thread
// mean. Blocks of time, never at random: kernel, prior and weights come from block A, the isotonic
// map from block B, which is later.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "monitor/thread/decision.hpp"
#include "monitor/thread/model.hpp"
#include "monitor/time.hpp"

namespace brandwacht::replay {

// One critic joined: the thread, what is believed of it with him, when he arrived.
using CriticHook =
    std::function<void(std::uint64_t thread, const thread::Belief& belief, Time arrived)>;
// Plays the whole recording through a table or a line that believes with `model`, in order of
// arrival, and calls the hook for each critic. Called several times; must be the same each time.
using Pass =
    std::function<void(const std::shared_ptr<const thread::Model>& model, const CriticHook& hook)>;

struct FitSettings {
  Time from{}, to{};      // of the recording; rows outside are not used
  double part_a = 0.7;    // of that span; the rest is B
  double ridge = 1.0;     // on standardised weights, per row of evidence
  int min_positive = 20;  // threads that reached a horizon's number, below which its fit is refused
  bool fit_kernel = true;
  bool flat_profile = false;  // too few joiners for an hour of the week
  std::uint32_t scorer_version = 0;
  // Feature::... left out of the fit, because the recording cannot know them.
  std::vector<thread::Feature> without;
};

struct Reliability {  // a tenth of the rows of block B each
  double predicted = 0, happened = 0;
  int rows = 0;
};

struct HorizonFit {
  bool fitted = false;
  std::string refused;  // why not, in words
  int rows = 0, positive_rows = 0, positive_threads = 0;
  double brier = 0, base_brier = 0, log_loss = 0, auc = 0;  // on B
  std::vector<Reliability> reliability;                     // on B
};

struct FitResult {
  thread::Model model;  // calibrated only if the page's horizon was fitted
  std::array<HorizonFit, thread::kHorizons> horizons;
  std::uint64_t threads = 0, critics = 0;
  double likelihood = 0;  // of block A, per critic, by the chosen prior
};

// `progress` gets a part of 1 and what is being done; may be empty.
FitResult fit(const Pass& pass, const FitSettings& settings,
              const std::function<void(double, std::string_view)>& progress = {});

// --- Its parts, for tests and benches.

// A row for each doubling of a thread's critics, so that a long thread does not outweigh the rest:
// 3, 4, 6, 8, 12, 16, ...
bool is_row(int joiners);

struct Row {
  std::uint64_t thread = 0;
  Time at{};
  thread::Features features{};
  std::array<float, thread::kHorizons> forecast{};
  std::array<bool, thread::kHorizons> outcome{};  // the number was reached within the hours
};

// Ridge logistic regression under the signs of allowed_sign(), by Newton steps with coordinate
// descent; the intercept is free. `forecast` of the horizon replaces features[forecast].
thread::Calibration fit_weights(const std::vector<Row>& rows, thread::Horizon horizon, double ridge,
                                const std::vector<thread::Feature>& without = {});
// Pool-adjacent-violators; at most 24 knots, none of less than 1 % of the rows.
std::vector<std::pair<double, double>> fit_isotonic(std::vector<std::pair<double, bool>> rows);

// The chance that a positive row is ranked above a negative one; 0.5 for ties.
double area_under_curve(std::vector<std::pair<double, bool>> rows);

}  // namespace brandwacht::replay
