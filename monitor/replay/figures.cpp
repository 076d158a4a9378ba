#include "monitor/replay/figures.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace brandwacht::replay {
namespace {

constexpr Duration kWeek = std::chrono::hours{7 * 24};

std::optional<double> ratio(int part, int all) {
  if (all == 0) return std::nullopt;
  return static_cast<double>(part) / all;
}

double log_loss(double p, bool happened) {
  p = std::clamp(p, 1e-4, 1 - 1e-4);
  return -std::log(happened ? p : 1 - p);
}

int most_in_a_week(std::vector<Time> times) {
  std::ranges::sort(times);
  std::size_t most = 0, from = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    while (times[i] - times[from] >= kWeek)
      ++from;
    most = std::max(most, i - from + 1);
  }
  return static_cast<int>(most);
}

}  // namespace

Quartiles quartiles(std::vector<Duration> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto at = [&](double part) {
    const double place = part * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const auto high = std::min(low + 1, values.size() - 1);
    const double rest = place - static_cast<double>(low);
    return values[low] + Duration{static_cast<std::int64_t>(
                             rest * static_cast<double>((values[high] - values[low]).count()))};
  };
  return {at(0.25), at(0.5), at(0.75), static_cast<int>(values.size())};
}

std::optional<double> Figures::precision() const {
  return ratio(right, threads_paged);
}
std::optional<double> Figures::recall() const {
  return ratio(found, incidents);
}
std::optional<double> Figures::early_recall() const {
  return ratio(early, incidents);
}
std::optional<double> Figures::pages_per_incident() const {
  return ratio(pages, incidents_paged);
}

Block Judge::known(const Block& block) const {
  return {block.from, std::max(block.from, std::min(block.to, end_ - outcome_.within))};
}

bool Judge::counts(const ThreadTrail& thread, const Block& block) const {
  return known(block).holds(thread.first());
}

bool Judge::counts(const Page& page, const Block& block) const {
  const ThreadTrail* thread = history_.find(page.thread);
  return thread != nullptr ? counts(*thread, block) : known(block).holds(page.at);
}

std::vector<const ThreadTrail*> Judge::threads(const Block& block) const {
  std::vector<const ThreadTrail*> out;
  for (const ThreadTrail& thread : history_.threads())
    if (counts(thread, block)) out.push_back(&thread);
  return out;
}

int Judge::incidents(const Block& block) const {
  int count = 0;
  for (const ThreadTrail* thread : threads(block))
    count += thread->reached(outcome_) ? 1 : 0;
  return count;
}

std::vector<Page> Judge::pages(const std::vector<Page>& all, const Block& block) const {
  std::vector<Page> out;
  for (const Page& page : all)
    if (counts(page, block)) out.push_back(page);
  return out;
}

bool Judge::right(std::uint64_t thread, const std::vector<Page>& pages) const {
  std::set<std::uint64_t> about{thread};
  for (const Page& page : pages)
    if (page.thread == thread) about.insert(page.threads.begin(), page.threads.end());
  ThreadTrail together;
  for (const std::uint64_t each : about)
    if (const ThreadTrail* trail = history_.find(each)) {
      if (trail->reached(outcome_)) return true;
      together.critics.insert(together.critics.end(), trail->critics.begin(), trail->critics.end());
    }
  std::ranges::sort(together.critics);
  return together.reached(outcome_).has_value();
}

Figures Judge::figures(const std::vector<Page>& all, const Block& block) const {
  Figures out;
  out.weeks = known(block).weeks();
  std::unordered_map<std::uint64_t, Time> first;  // page about each thread
  std::set<std::uint64_t> paged;                  // threads and surges that the pages are named by
  std::set<std::string> ids;
  std::vector<Time> times;
  for (const Page& page : all) {
    if (!counts(page, block)) continue;
    if (page.tier > Tier::t2) {
      ++out.notices;
      continue;
    }
    times.push_back(page.at);
    ids.insert(page.incident);
    out.night_pages += calendar_.is_night(page.at) ? 1 : 0;
    paged.insert(page.thread);
    const auto about = [&](std::uint64_t thread) {
      const auto [at, fresh] = first.try_emplace(thread, page.at);
      if (!fresh) at->second = std::min(at->second, page.at);
    };
    about(page.thread);
    std::ranges::for_each(page.threads, about);
  }
  out.pages = static_cast<int>(times.size());
  out.worst_week = most_in_a_week(std::move(times));
  out.incidents_paged = static_cast<int>(ids.size());
  out.threads_paged = static_cast<int>(paged.size());
  for (const std::uint64_t thread : paged)
    out.right += right(thread, all) ? 1 : 0;
  for (const ThreadTrail* thread : threads(block)) {
    const auto reached = thread->reached(outcome_);
    if (!reached) continue;
    ++out.incidents;
    const auto page = first.find(thread->key);
    if (page == first.end()) continue;
    ++out.found;
    out.early += page->second < *reached ? 1 : 0;
    out.leads.push_back(*reached - page->second);
  }
  out.lead = quartiles(out.leads);
  return out;
}

std::vector<CurvePoint> curve(const Judge& judge, const Block& block) {
  std::vector<CurvePoint> out;
  const auto threads = judge.threads(block);
  // Even steps in log odds, from 0.01 to 0.99.
  for (int i = 0; i <= 40; ++i) {
    const double odds = std::exp(-4.6 + 9.2 * i / 40);
    const double theta = std::round(odds / (1 + odds) * 1000) / 1000;
    std::vector<Page> pages;
    for (const ThreadTrail* thread : threads)
      if (const auto at = thread->crossed(theta)) {
        Page page;
        page.at = *at;
        page.thread = thread->key;
        page.incident = incident_id(thread->key, 1);
        pages.push_back(std::move(page));
      }
    out.push_back({theta, judge.figures(pages, block)});
  }
  return out;
}

std::vector<double> peaks(const Judge& judge, const Block& block) {
  std::vector<double> out;
  for (const ThreadTrail* thread : judge.threads(block))
    if (thread->peak() > 0) out.push_back(thread->peak());
  std::ranges::sort(out, std::greater{});
  return out;
}

std::optional<double> average_precision(std::vector<std::pair<double, bool>> rows) {
  std::ranges::sort(rows, std::greater{}, [](const auto& row) { return row.first; });
  double sum = 0;
  int seen = 0, positive = 0;
  for (std::size_t i = 0; i < rows.size();) {
    // Rows of one score stand together: their order says nothing.
    std::size_t end = i;
    int here = 0;
    for (; end < rows.size() && rows[end].first == rows[i].first; ++end)
      here += rows[end].second ? 1 : 0;
    seen += static_cast<int>(end - i);
    positive += here;
    sum += here * static_cast<double>(positive) / seen;
    i = end;
  }
  if (positive == 0) return std::nullopt;
  return sum / positive;
}

Calibrated calibrated(const Judge& judge, const Block& block) {
  Calibrated out;
  std::vector<std::pair<double, bool>> rows, by_thread;
  for (const ThreadTrail* thread : judge.threads(block)) {
    for (const ThreadTrail::Row& row : thread->rows)
      rows.emplace_back(static_cast<double>(row.risk), row.grew);
    const auto reached = thread->reached(judge.outcome());
    by_thread.emplace_back(reached ? thread->peak_before(*reached) : thread->peak(),
                           reached.has_value());
  }
  const auto incidents =
      std::ranges::count_if(by_thread, [](const auto& row) { return row.second; });
  if (!by_thread.empty())
    out.base_rate = static_cast<double>(incidents) / static_cast<double>(by_thread.size());
  out.pr_auc = average_precision(std::move(by_thread));
  out.rows = static_cast<int>(rows.size());
  if (rows.empty()) return out;
  for (const auto& row : rows)
    out.grew += row.second ? 1 : 0;
  const double n = out.rows, base = out.grew / n;
  for (const auto& [p, happened] : rows) {
    const double y = happened ? 1 : 0;
    out.brier += (p - y) * (p - y) / n;
    out.base_brier += (base - y) * (base - y) / n;
    out.log_loss += log_loss(p, happened) / n;
    out.base_log_loss += log_loss(base, happened) / n;
  }
  std::vector<Judged> judged;
  for (const auto& [p, happened] : rows)
    judged.push_back({p, happened});
  out.tenths = deciles(judged);
  return out;
}

std::optional<double> DeskFigures::precision() const {
  return ratio(useful + too_late, rated);
}
std::optional<double> DeskFigures::recall() const {
  return ratio(found, wanted);
}

DeskFigures by_desk(const Judge& judge, const std::vector<Page>& pages, const Feedback& feedback,
                    const Block& block) {
  DeskFigures out;
  std::set<std::uint64_t> paged;
  for (const Page& page : pages)
    if (page.tier <= Tier::t2 && judge.counts(page, block)) paged.insert(page.thread);
  for (const ThreadTrail* thread : judge.threads(block)) {
    const auto said = feedback.find(thread->key);
    if (said == feedback.end()) continue;
    const bool was = paged.contains(thread->key), wanted = said->second != Opinion::not_useful;
    out.wanted += wanted ? 1 : 0;
    out.found += wanted && was ? 1 : 0;
    if (!was) continue;
    ++out.rated;
    out.useful += said->second == Opinion::useful ? 1 : 0;
    out.not_useful += said->second == Opinion::not_useful ? 1 : 0;
    out.too_late += said->second == Opinion::too_late ? 1 : 0;
  }
  return out;
}

}  // namespace brandwacht::replay
