// When a brand's public is awake, how fast it reacts, and what to believe of a thread before it has
// shown anything: the part of a model that comes before the weights (escalation-model sections 2,
// 3).
#pragma once
#include <cstdint>
#include <vector>

#include "monitor/thread/model.hpp"
#include "monitor/thread/seconds.hpp"

namespace brandwacht::replay {

// Of one thread: its root's second, and those of its critics in order.
struct ThreadHistory {
  std::uint64_t thread = 0;
  thread::Second began = 0;
  std::vector<thread::Second> joins;
};

// Activity of the week from the joiners' times: each bin shrunk towards its hour of the day, by as
// much as 3000 joiners would say. Fewer than 500 joiners say nothing: flat.
thread::Profile fit_profile(const std::vector<ThreadHistory>& histories);

// Weights of the kernel's modes, their half-lives as they are, by expectation and maximisation:
// each joiner is shared among the modes in proportion to the intensity that each had at that
// moment.
thread::Kernel fit_kernel(const std::vector<ThreadHistory>& histories, const thread::Model& model);

// Kernel, forgetting rate, prior and root mark, chosen for the log loss of the forecast (with the
// number of critics beside it) on rows at each doubling of critics, of the horizons that occur.
// `until` ends what is known: rows without a whole horizon before it are not used.
struct CascadeFit {
  thread::Model model;  // `model` as given, with what was learnt put in
  double log_loss = 0;  // per row
  std::size_t rows = 0;
};
CascadeFit fit_cascade(const std::vector<ThreadHistory>& histories, thread::Second until,
                       const thread::Model& model, bool with_kernel);

// A row for each doubling of a thread's critics, so that a long thread does not outweigh the rest:
// 3, 4, 6, 8, 12, 16, ...
bool is_row(int joiners);

}  // namespace brandwacht::replay
