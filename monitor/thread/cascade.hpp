// The self-exciting state of one thread: how many joined lately, what they were exposed to, and
// what is still to come of it (escalation-model section 2). A sum over joiners of functions of
// their time, so that any order of arrival gives the same state (to rounding), and a joiner can be
// taken out again.
#pragma once
#include <array>
#include <limits>
#include <type_traits>

#include "monitor/thread/kernel.hpp"

namespace brandwacht::thread {

// Times are operational (Profile::tau), in hours.
struct Cascade {
  double tau = -std::numeric_limits<double>::infinity();  // the state is of this moment
  double joins = 0;                                       // a: joiners, forgotten at rate delta
  double exposed = 0;                // b: joiners that one branching ratio of 1 would have brought
  std::array<double, kModes> due{};  // Y_k: marks, decayed at beta_k: what is still to react to

  // Lets time pass. A time before the state's is no advance.
  void advance(double to, const Kernel& kernel) noexcept;
  // A joiner at `at` with mark `mark`, whenever it becomes known.
  void join(double at, double mark, const Kernel& kernel) noexcept { add(at, 1, mark, kernel); }
  // Exactly undoes join(at, mark).
  void retract(double at, double mark, const Kernel& kernel) noexcept {
    add(at, -1, -mark, kernel);
  }
  // The root: it excites, but nobody's reaction it is. `mark` < 0 takes it back.
  void root(double at, double mark, const Kernel& kernel) noexcept { add(at, 0, mark, kernel); }
  // All of another thread's joiners.
  void merge(Cascade other, const Kernel& kernel) noexcept;

 private:
  void add(double at, double count, double mark, const Kernel& kernel) noexcept;
};
static_assert(std::is_trivially_copyable_v<Cascade> && sizeof(Cascade) == 56);

}  // namespace brandwacht::thread
