// Thresholds from a budget of pages (escalation-model section 6): the operator says how often the
// phone may ring, a recording says from which risk on. Thresholds are chosen on block C and judged
// on block D, which is later; the model must have seen neither.
#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "monitor/line/line.hpp"
#include "monitor/rate.hpp"
#include "monitor/replay/figures.hpp"

namespace brandwacht::replay {

// The most pages that a block may show so that, with 90 % certainty, the true rate is not over
// `per_week`: the largest c with P(X <= c) <= 10 % for a Poisson X of that mean. -1: the block is
// too short to promise that, even if it showed none.
int most_pages(double per_week, double weeks);
// How long a block must be before it may show one page.
double weeks_needed(double per_week);

// Blocks of a recording, by time and never at random: fit on A, calibrate on B, choose on C, judge
// on D.
struct Blocks {
  Block a, b, c, d;
};
inline constexpr double kFitPart = 0.5;  // A and B together
inline constexpr double kPartA = 0.7;    // of these; see FitSettings
Blocks split(Time from, Time to);
// The model has seen what came before `seen`: only C and D are left, half each.
Blocks split_after(Time seen, Time from, Time to);

struct Tried {
  double theta = 0;
  int pages = 0;
};
struct Choice {
  double theta = 0;
  int pages = 0;        // at theta
  bool within = false;  // false: even the highest threshold says more than `most`
  std::vector<Tried> tried;
};
// The lowest threshold, in thousandths from 0.01 to 0.99, at which pages_at(theta) is at most
// `most`; bisected from `guess`. What is given was tried itself.
Choice lowest_within(double guess, int most, const std::function<int(double)>& pages_at);

// Plays the whole recording, up to `until`, through a line with these settings.
using Play = std::function<void(line::Settings settings, line::Hooks hooks, Time until)>;

struct TuneSettings {
  line::Settings line;
  Calendar calendar;
  Rate budget, night, notices;  // night, notices: without a limit if not asked for
  Blocks blocks;
  Time end{};  // of the recording
  Outcome outcome;
  Feedback feedback;
};

enum class Verdict : std::uint8_t {
  good,
  too_short,     // block C cannot show that the budget is kept
  no_incidents,  // no thread of C or D became one
  one_block,     // all of them lie in C, or all in D: nothing can be chosen and judged
};

struct Miss {  // an incident that nobody was paged for in time
  std::uint64_t thread = 0;
  Time reached{};
  std::optional<Time> paged;  // too late; nullopt: never
  double peak = 0;            // the highest risk before it was one
  int critics = 0;
  std::string brand, url, text;
};
struct FalsePage {
  Page page;
  int critics = 0;  // in the end
};

struct TuneResult {
  Verdict verdict = Verdict::good;
  int incidents_c = 0, incidents_d = 0, incidents_all = 0;
  int most = 0;  // pages that block C may show
  double guess = 0;
  Choice page, notify, tier1, night;  // `tried` is empty where the setting stays as it is
  double repage_factor = 0;           // raised: repeats leave room for first pages; 0: as it is
  bool over_budget = false;           // more incidents than pages
  Figures before, after, chosen;      // before and after: block D; chosen: block C
  std::vector<CurvePoint> curve;      // block D
  Calibrated calibrated;              // block D
  std::vector<Page> pages;            // block D
  std::vector<std::uint64_t> wrong;   // threads of these that became no incident; sorted
  std::vector<Miss> misses;           // at most ten, nearest first
  std::vector<FalsePage> worst;       // at most ten, fewest critics first
  DeskFigures desk;                   // block D
};

// `progress` gets a part of 1 and what is being done; may be empty.
TuneResult tune(const Play& play, const TuneSettings& settings,
                const std::function<void(double, std::string_view)>& progress = {});

}  // namespace brandwacht::replay
