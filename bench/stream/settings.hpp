// What an invented stream is like. The defaults are the reference of escalation-model section 7.
#pragma once
#include <array>

namespace brandwacht::bench {

struct StreamSettings {
  int weeks = 100;
  // Threads that begin, on an average day. They make 300 events of it.
  double roots = 200;

  // Parts of those threads.
  double hot = 0.0015;
  double praise = 0.0005;
  double quarrels = 0.05;
  // Times a week.
  double outages = 0.5;
  double campaigns = 0.3;
  double raids = 0.1;
  int outage_threads = 40;  // mean
  int campaign_threads = 40;
  int raid_bots = 40;

  // How people react: modes of the reaction time (SEISMIC's), weights and half-lives in hours.
  std::array<double, 4> reaction{0.448, 0.238, 0.171, 0.144};
  std::array<double, 4> half_life{5.5 / 60, 28.0 / 60, 1.93, 11.3};
  // Branching ratio of ordinary and of hot threads, and the hours in which the latter falls to 1/e.
  std::array<double, 2> ratio{0.01, 0.06};
  std::array<double, 2> hot_ratio{0.9, 1.6};
  double hot_decay = 16;
  // How many a root excites: Pareto from 1 on; a hot one no more than a tenth of the most.
  double root_tail = 1.15, root_most = 2000;
  double hot_root = 5;    // a hot root's factor
  int most_events = 350;  // of a thread

  // The scorer.
  double sensitivity = 0.8, specificity = 0.9;

  // Parts of the events (of the threads: `answers`).
  double repeats = 0.12;   // by somebody who is in the thread already
  double regulars = 0.3;   // else by somebody who writes about the brand often
  double quotes = 0.04;    // with text of their own, and with answers below
  double removals = 0.01;  // by their authors
  double edits = 0.01;
  double duplicates = 0.01;
  double late = 0.02;    // 5 to 90 min; all others seconds
  double answers = 0.2;  // negative threads that the brand answers
};

}  // namespace brandwacht::bench
