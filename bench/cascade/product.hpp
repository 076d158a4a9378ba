// The product on real threads: every post through thread::Table, its belief asked at fixed ages,
// and a model of it fitted to a part of the threads.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "bench/cascade/threads.hpp"
#include "monitor/replay/fit.hpp"
#include "monitor/thread/decision.hpp"
#include "monitor/thread/model.hpp"

namespace brandwacht::bench {

// What the table believed of a thread at one moment.
struct Seen {
  std::size_t thread = 0;
  std::int32_t after = 0;  // seconds since the root
  bool doubled = false;    // the critics had just doubled; else an age of kQuestions
  thread::Belief belief;
};

// All posts of all threads as one brand's stream, in order of time, each of a certain critic.
std::vector<Seen> watch(const std::vector<RealThread>& threads,
                        std::shared_ptr<const thread::Model> model);

using Chosen = std::function<bool(std::size_t thread)>;

// Profile, kernel, forgetting rate and prior by the product's own fit, from those threads alone.
// The weights are not fitted.
thread::Model fit_cascade(const std::vector<RealThread>& threads, const Chosen& train);

// The product's weights, and its isotonic map of what weights from other threads said (a recording
// has a later block for that, threads of four years have none).
thread::Calibration fit_weights(const std::vector<replay::Row>& rows, thread::Horizon horizon);

}  // namespace brandwacht::bench
