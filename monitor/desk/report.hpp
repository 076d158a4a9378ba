// The desk's week: how much was answered and how soon, what was promised, removed, paged, and what
// came of it. Pure: rows of the log in, numbers and words out.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/desk/log.hpp"
#include "monitor/zone.hpp"

namespace brandwacht::desk {

// What companies did on Facebook in a study of 14 large ones: 53 % of the complaints answered, the
// median first reply after 46 min (Einwiller & Steilen 2015, Public Relations Review 41).
inline constexpr double kBenchmarkShare = 0.53;
inline constexpr Duration kBenchmarkReply = std::chrono::minutes{46};

// An ISO week of a zone, [from, to): from Monday 00:00. In the weeks of the clock change it has an
// hour more or less.
struct Week {
  int year = 0, number = 0;
  Time from{}, to{};
  std::string name() const;  // "2026-W48"
};
std::optional<Week> parse_week(std::string_view text, const Zone& zone);
Week week_of(Time at, const Zone& zone);
Week week_before(Time at, const Zone& zone);  // the last one that is over

struct ReportedIncident {
  std::string id, title;
  Time at{};
  int tier = 4;                             // the highest
  bool paged = false;                       // else only a notice
  std::string state;                        // "open", "cooling" or "closed"
  std::string strategy, outcome, feedback;  // as the desk said; empty: it did not
};

struct BrandWeek {
  std::string brand;
  int complaints = 0, before = 0;  // `before`: began unseen, so left out of the times
  int answered = 0, holding = 0;   // first replies; of those, that only put off
  int late = 0;                    // first reply after the clock, or none yet
  std::vector<Duration> times;     // to the first reply, sorted
  int promised = 0, extended = 0, kept = 0, kept_late = 0, broken = 0, unclear = 0;
  int removed = 0, explained = 0, unexplained = 0, backfired = 0;
  int invited = 0, accepted = 0, still_public = 0;
  int asked = 0, satisfied = 0, silent = 0, still_angry = 0;
  std::vector<Duration> recovered;  // to the author's first kind word, sorted
  int compensated = 0, same_reply = 0, exposed = 0, unlisted = 0;
  int useful = 0, not_useful = 0, too_late = 0;
  std::vector<ReportedIncident> incidents;  // in the order of their first word

  std::optional<double> share() const;
  std::optional<Duration> median() const;
  int pages() const;
};

struct Report {
  Week week;
  std::vector<BrandWeek> brands;  // by name
};

// `rows` of the week and of some time behind it, in any order: what was asked in the week may be
// answered, kept or judged later.
Report make_report(std::span<const LogRow> rows, const Week& week);

std::string to_text(const Report& report, bool dutch, const Zone& zone);
std::string to_html(const Report& report, bool dutch, const Zone& zone);  // self-contained

}  // namespace brandwacht::desk
