// How good the pages of a replay were, at what price: held against what became of the threads
// (escalation-model section 7). Pure functions of histories and pages.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "monitor/calendar.hpp"
#include "monitor/incident.hpp"
#include "monitor/replay/history.hpp"
#include "monitor/replay/judge.hpp"

namespace brandwacht::replay {

// A phone that would have rung.
struct Page {
  Time at{};
  std::uint64_t thread = 0;            // of a surge: a key of its own
  std::vector<std::uint64_t> threads;  // that it is said to be about; empty: that one
  std::string incident;                // its id
  Tier tier = Tier::t2;
  bool again = false;  // an upgrade, or the same incident once more
  double risk = 0;
  int critics = 0;
  std::string brand, url, text;  // text is redacted
};

struct Quartiles {
  Duration low{}, middle{}, high{};
  int count = 0;  // 0: there are none
};
Quartiles quartiles(std::vector<Duration> values);

struct Figures {
  double weeks = 0;
  int pages = 0;                            // rings, repeated ones too
  int night_pages = 0;                      // of these
  int worst_week = 0;                       // most in any seven days
  int incidents_paged = 0;                  // different ones
  int threads_paged = 0, right = 0;         // pages' threads; of these, see Judge::right()
  int incidents = 0, found = 0, early = 0;  // threads that did; paged; paged before they had
  int notices = 0;
  std::vector<Duration> leads;  // of the found ones, page to incident; below 0: too late
  Quartiles lead;

  double per_week() const { return weeks > 0 ? pages / weeks : 0; }
  // nullopt: nothing to divide by.
  std::optional<double> precision() const;
  std::optional<double> recall() const;
  std::optional<double> early_recall() const;
  std::optional<double> pages_per_incident() const;
};

// A thread belongs to the block in which its first critic came, with all of its pages. A page about
// several threads (one matter, or a surge) is a page for each of them. Threads
// younger than outcome.within at `end` are left out: nobody knows what became of them.
class Judge {
 public:
  Judge(const History& history, Outcome outcome, Time end, const Calendar& calendar)
      : history_(history), outcome_(outcome), end_(end), calendar_(calendar) {}

  bool counts(const ThreadTrail& thread, const Block& block) const;
  bool counts(const Page& page, const Block& block) const;
  Block known(const Block& block) const;  // the part whose outcome is known
  std::vector<const ThreadTrail*> threads(const Block& block) const;
  int incidents(const Block& block) const;
  std::vector<Page> pages(const std::vector<Page>& all, const Block& block) const;
  Figures figures(const std::vector<Page>& pages, const Block& block) const;
  // Was it right to page? Its thread became an incident, or all threads that any page with this
  // incident is about did, their critics taken together.
  bool right(std::uint64_t thread, const std::vector<Page>& pages) const;

  const Outcome& outcome() const { return outcome_; }

 private:
  const History& history_;
  Outcome outcome_;
  Time end_;
  const Calendar& calendar_;
};

// What a threshold alone would have done, without hold, topics and repeats: the curve.
struct CurvePoint {
  double theta = 0;
  Figures figures;
};
std::vector<CurvePoint> curve(const Judge& judge, const Block& block);
// The highest peaks of the block's threads, highest first.
std::vector<double> peaks(const Judge& judge, const Block& block);

struct Calibrated {
  int rows = 0, grew = 0;
  double brier = 0, base_brier = 0, log_loss = 0, base_log_loss = 0;
  std::vector<Decile> tenths;
  // Area under precision and recall over threads, by their peak before they were incidents; the
  // share of incidents among the threads is what chance gives.
  std::optional<double> pr_auc;
  double base_rate = 0;
};
Calibrated calibrated(const Judge& judge, const Block& block);

// Average precision: the mean, over the positive ones, of the precision down to each.
std::optional<double> average_precision(std::vector<std::pair<double, bool>> rows);

// What the desk said of pages afterwards: a page that led to a good reply looks like a false alarm
// in the counts.
enum class Opinion : std::uint8_t { useful, not_useful, too_late };
using Feedback = std::unordered_map<std::uint64_t, Opinion>;  // by thread

struct DeskFigures {
  int rated = 0, useful = 0, not_useful = 0, too_late = 0;  // threads that were paged and rated
  int wanted = 0, found = 0;  // threads that the desk called useful or too late; of these, paged
  std::optional<double> precision() const;
  std::optional<double> recall() const;
};
DeskFigures by_desk(const Judge& judge, const std::vector<Page>& pages, const Feedback& feedback,
                    const Block& block);

}  // namespace brandwacht::replay
