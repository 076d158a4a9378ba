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

#include "monitor/replay/judge.hpp"
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
  double ridge = 3;       // on the weights of standardised features
  int min_positive = 20;  // threads that reached a horizon's number, below which its fit is refused
  bool fit_kernel = true;
  std::uint32_t scorer_version = 0;
  // Feature::... left out of the fit, because the recording cannot know them.
  std::vector<thread::Feature> without;
};

struct HorizonFit {
  bool fitted = false;
  std::string refused;  // why not, in words
  int rows = 0, positive_rows = 0, positive_threads = 0;
  // On B: of the calibrated probability; base_...: of the mean of B, said of every row.
  double brier = 0, base_brier = 0, log_loss = 0, base_log_loss = 0, auc = 0;
  std::vector<Decile> reliability;  // on B, by halves: the map of one judged on the other
};

struct FitResult {
  thread::Model model;  // calibrated only if the page's horizon was fitted
  std::array<HorizonFit, thread::kHorizons> horizons;
  std::uint64_t threads = 0, critics = 0;
  double cascade_loss = 0;  // log loss of the forecast on A, by which the cascade was chosen
};

// `progress` gets a part of 1 and what is being done; may be empty.
FitResult fit(const Pass& pass, const FitSettings& settings,
              const std::function<void(double, std::string_view)>& progress = {});

// --- Its parts, for tests and benches.

struct Row {
  std::uint64_t thread = 0;
  Time at{};
  thread::Features features{};
  std::array<float, thread::kHorizons> forecast{};
  std::array<bool, thread::kHorizons> outcome{};  // the number was reached within the hours
};

// The features as the weights of a horizon see them: with that horizon's own forecast.
thread::Features features_of(const Row& row, thread::Horizon horizon);

// Ridge logistic regression under the signs of allowed_sign(), and the medians of the features.
thread::Calibration fit_weights(const std::vector<Row>& rows, thread::Horizon horizon, double ridge,
                                const std::vector<thread::Feature>& without = {});

}  // namespace brandwacht::replay
