#include "monitor/desk/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace brandwacht::desk {
namespace {

// The Monday of the week in which a day lies.
Day monday_of(Day day) {
  return day - std::chrono::days{weekday_of(day)};
}

Week week_from(Day monday, const Zone& zone) {
  const std::chrono::year_month_day thursday{monday + std::chrono::days{3}};
  const Day first{thursday.year() / 1 / 1};
  Week out;
  out.year = static_cast<int>(thursday.year());
  out.number = static_cast<int>((Day{thursday} - first).count() / 7) + 1;
  out.from = zone.at(monday, Duration{});
  out.to = zone.at(monday + std::chrono::days{7}, Duration{});
  return out;
}

// What is known of one thread while the rows are read in order.
struct Thread {
  bool counted = false, before = false, answered = false, late = false;
};

class Maker {
 public:
  explicit Maker(const Week& week) : week_(week) {}

  void add(const LogRow& row) {
    if (row.at < week_.from) return;
    const bool in_week = row.at < week_.to;
    if (row.tier > 0)
      incident(row, in_week);
    else
      desk(row, in_week);
  }

  Report finish() {
    Report out;
    out.week = week_;
    for (auto& [key, thread] : threads_) {
      BrandWeek& brand = brands_[key.first];
      if (thread.counted && !thread.before && thread.late) ++brand.late;
    }
    for (auto& [name, brand] : brands_) {
      brand.brand = name;
      std::ranges::sort(brand.times);
      std::ranges::sort(brand.recovered);
      for (const ReportedIncident& one : brand.incidents) {
        brand.useful += one.feedback == "useful";
        brand.not_useful += one.feedback == "not_useful";
        brand.too_late += one.feedback == "too_late";
      }
      out.brands.push_back(std::move(brand));
    }
    return out;
  }

 private:
  void incident(const LogRow& row, bool in_week) {
    BrandWeek* const brand = known(row, in_week);
    if (brand == nullptr) return;
    auto found = std::ranges::find(brand->incidents, row.incident, &ReportedIncident::id);
    if (found == brand->incidents.end()) {
      if (!in_week || row.kind == "cool" || row.kind == "close") return;  // of the week before
      ReportedIncident one;
      one.id = row.incident;
      one.at = row.at;
      one.state = "open";
      brand->incidents.push_back(std::move(one));
      found = brand->incidents.end() - 1;
    }
    found->tier = std::min(found->tier, static_cast<int>(row.tier));
    if (row.kind == "page" || row.kind == "upgrade") found->paged = true;
    if (row.kind == "cool") found->state = "cooling";
    if (row.kind == "close") found->state = "closed";
    if (row.kind == "page" || row.kind == "notify" || row.kind == "upgrade") {
      found->state = "open";
      found->title = row.text;
    }
  }

  BrandWeek* known(const LogRow& row, bool in_week) {
    if (in_week) return &brands_[row.brand];
    const auto found = brands_.find(row.brand);
    return found == brands_.end() ? nullptr : &found->second;
  }

  // What belongs to a complaint of the week counts whenever it comes; all else only in the week.
  void desk(const LogRow& row, bool in_week) {
    const auto what = parse_what(row.kind);
    if (!what) return;
    BrandWeek* const brand = known(row, in_week);
    if (brand == nullptr) return;
    Thread& thread = threads_[{row.brand, row.thread}];
    switch (*what) {
      case What::complaint:
        if (!in_week) return;
        thread.counted = true;
        thread.before = row.count != 0;
        ++brand->complaints;
        brand->before += thread.before;
        return;
      case What::first_reply:
        if (!thread.counted || thread.answered) return;
        thread.answered = true;
        ++brand->answered;
        brand->holding += row.count != 0;
        if (!thread.before) brand->times.push_back(row.span);
        return;
      case What::late:
        thread.late = true;
        return;
      case What::strategy:
      case What::outcome:
      case What::feedback:
        said(*brand, row, *what);
        return;
      default:
        if (in_week) count(*brand, row, *what);
        return;
    }
  }

  static void said(BrandWeek& brand, const LogRow& row, What what) {
    for (ReportedIncident& one : brand.incidents) {
      const bool of_it = row.incident.empty()
                             ? one.id.starts_with(fmt::format("bw-{:016x}-", row.thread))
                             : one.id == row.incident;
      if (!of_it) continue;
      (what == What::strategy  ? one.strategy
       : what == What::outcome ? one.outcome
                               : one.feedback) = row.text;
    }
  }

  static void count(BrandWeek& brand, const LogRow& row, What what) {
    int* const counter = counter_of(brand, what);
    if (counter != nullptr) ++*counter;
    if (what == What::promise_kept && row.span < Duration{}) ++brand.kept_late;
    if (what == What::recovered) brand.recovered.push_back(row.span);
  }

  static int* counter_of(BrandWeek& brand, What what) {
    switch (what) {
      case What::promised:
        return &brand.promised;
      case What::extended:
      case What::extended_again:
        return &brand.extended;
      case What::promise_kept:
        return &brand.kept;
      case What::promise_broken:
        return &brand.broken;
      case What::promise_unclear:
        return &brand.unclear;
      case What::removed:
        return &brand.removed;
      case What::removal_explained:
        return &brand.explained;
      case What::removal_unexplained:
        return &brand.unexplained;
      case What::backfire:
        return &brand.backfired;
      case What::invited:
        return &brand.invited;
      case What::accepted:
        return &brand.accepted;
      case What::still_public:
        return &brand.still_public;
      case What::follow_up:
        return &brand.asked;
      case What::satisfied:
        return &brand.satisfied;
      case What::silent:
        return &brand.silent;
      case What::still_angry:
        return &brand.still_angry;
      case What::compensated:
        return &brand.compensated;
      case What::same_reply:
        return &brand.same_reply;
      case What::exposed:
        return &brand.exposed;
      case What::unlisted:
        return &brand.unlisted;
      default:
        return nullptr;
    }
  }

  Week week_;
  std::map<std::string, BrandWeek> brands_;
  std::map<std::pair<std::string, std::uint64_t>, Thread> threads_;
};

}  // namespace

std::string Week::name() const {
  return fmt::format("{:04}-W{:02}", year, number);
}

Week week_of(Time at, const Zone& zone) {
  return week_from(monday_of(zone.local(at).day), zone);
}

Week week_before(Time at, const Zone& zone) {
  return week_from(monday_of(zone.local(at).day) - std::chrono::days{7}, zone);
}

std::optional<Week> parse_week(std::string_view text, const Zone& zone) {
  if (text.size() != 8 || text[4] != '-' || (text[5] != 'W' && text[5] != 'w')) return std::nullopt;
  int year = 0, number = 0;
  const auto all = [](std::string_view part, int& out) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), out);
    return error == std::errc{} && end == part.data() + part.size();
  };
  if (!all(text.substr(0, 4), year) || !all(text.substr(6), number) || year < 1970 || number < 1)
    return std::nullopt;
  // 4 January is always in the first week.
  const Day first = monday_of(Day{std::chrono::year{year} / 1 / 4});
  Week out = week_from(first + std::chrono::days{7 * (number - 1)}, zone);
  if (out.year != year || out.number != number) return std::nullopt;
  return out;
}

std::optional<double> BrandWeek::share() const {
  if (complaints == 0) return std::nullopt;
  return static_cast<double>(answered) / complaints;
}

std::optional<Duration> BrandWeek::median() const {
  if (times.empty()) return std::nullopt;
  return times[(times.size() - 1) / 2];
}

int BrandWeek::pages() const {
  return static_cast<int>(std::ranges::count(incidents, true, &ReportedIncident::paged));
}

LogRow row_of(const Event& event, std::string_view brand) {
  LogRow out;
  out.at = event.at;
  out.kind = to_string(event.what);
  out.brand = brand;
  out.incident = event.incident;
  out.text = event.text;
  out.thread = event.thread;
  out.span = event.span;
  out.due = event.due;
  out.count = event.count;
  return out;
}

LogRow row_of(const IncidentEvent& event) {
  LogRow out;
  out.at = event.at;
  out.kind = to_string(event.kind);
  out.brand = event.incident.brand;
  out.incident = event.incident.id;
  out.text = event.incident.title;
  out.thread = event.incident.thread_key;
  out.tier = static_cast<std::int32_t>(event.incident.tier);
  return out;
}

Report make_report(std::span<const LogRow> rows, const Week& week) {
  std::vector<const LogRow*> order;
  for (const LogRow& row : rows)
    order.push_back(&row);
  std::ranges::stable_sort(order, {}, &LogRow::at);
  Maker maker(week);
  for (const LogRow* row : order)
    maker.add(*row);
  return maker.finish();
}

}  // namespace brandwacht::desk
