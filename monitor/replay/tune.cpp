#include "monitor/replay/tune.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace brandwacht::replay {
namespace {

constexpr double kUncertain = 0.1;  // one-sided
constexpr int kLowest = 10, kHighest = 990, kStep = 1000;
constexpr std::size_t kListed = 10;
constexpr double kLeastNotice = 0.05;
constexpr double kFewRepeats = 4;  // times the critics at the page before

// P(X <= c) of a Poisson.
double poisson_until(int c, double mean) {
  double term = std::exp(-mean), sum = term;
  for (int i = 1; i <= c; ++i) {
    term *= mean / i;
    sum += term;
  }
  return sum;
}

}  // namespace

int most_pages(double per_week, double weeks) {
  const double mean = per_week * weeks;
  // Beyond this the exponential is 0; the normal quantile is good to a page there.
  if (mean > 500) return static_cast<int>(mean - 1.2816 * std::sqrt(mean) - 0.5);
  int c = -1;
  while (poisson_until(c + 1, mean) <= kUncertain)
    ++c;
  return c;
}

double weeks_needed(double per_week) {
  return 3.89 / per_week;  // P(X <= 1; 3.89) = 10 %
}

Blocks split(Time from, Time to) {
  const auto at = [&](double part) {
    return from + std::chrono::duration_cast<Duration>((to - from) * part);
  };
  const Time b = at(kFitPart * kPartA), c = at(kFitPart), d = at((1 + kFitPart) / 2);
  return {{from, b}, {b, c}, {c, d}, {d, to}};
}

Blocks split_after(Time seen, Time from, Time to) {
  const Time c = std::clamp(seen, from, std::max(from, to));
  const Time d = c + (to - c) / 2;
  return {{from, c}, {c, c}, {c, d}, {d, to}};
}

Choice lowest_within(double guess, int most, const std::function<int(double)>& pages_at) {
  Choice out;
  std::map<int, int> known;
  const auto pages = [&](int step) {
    const auto [at, fresh] = known.try_emplace(step, 0);
    if (fresh) {
      at->second = pages_at(static_cast<double>(step) / kStep);
      out.tried.push_back({static_cast<double>(step) / kStep, at->second});
    }
    return at->second;
  };
  // Gallops from the guess until it stands between a threshold that pages too much and one that
  // does not, then halves.
  int high = std::clamp(static_cast<int>(std::ceil(guess * kStep - 1e-9)), kLowest, kHighest);
  int low = kLowest - 1;  // pages too much, or does not exist
  for (int width = 16; pages(high) > most; width *= 4) {
    low = high;
    if (high == kHighest) {
      out.theta = static_cast<double>(high) / kStep;
      out.pages = known[high];
      return out;
    }
    high = std::min(high + width, kHighest);
  }
  for (int width = 16; low < kLowest && high > kLowest; width *= 4) {
    const int next = std::max(high - width, kLowest);
    if (pages(next) > most)
      low = next;
    else
      high = next;
  }
  while (high - low > 1 && low >= kLowest) {
    const int middle = (low + high) / 2;
    (pages(middle) > most ? low : high) = middle;
  }
  out.theta = static_cast<double>(high) / kStep;
  out.pages = pages(high);
  out.within = true;
  return out;
}

namespace {

Page page_of(const IncidentEvent& event) {
  const Incident& incident = event.incident;
  Page page;
  page.at = event.at;
  page.thread = incident.thread_key;
  for (const IncidentThread& thread : incident.threads)
    page.threads.push_back(thread.key);
  page.incident = incident.id;
  page.tier = event.kind == IncidentEventKind::notify ? Tier::t3 : incident.tier;
  page.again = event.kind == IncidentEventKind::upgrade;
  page.risk = incident.risk;
  page.critics = incident.joiners;
  page.brand = incident.brand;
  page.url = incident.url;
  for (const Evidence& evidence : incident.evidence)
    if (evidence.root || page.text.empty()) page.text = evidence.text;
  if (page.text.empty()) page.text = incident.title;
  return page;
}

class Tuner {
 public:
  Tuner(const Play& play, const TuneSettings& settings,
        const std::function<void(double, std::string_view)>& progress)
      : play_(play), settings_(settings), progress_(progress) {}

  TuneResult run() {
    History history(settings_.line.decision);
    say(0, "reading the recording");
    line::Hooks hooks;
    hooks.critic = [&](std::uint64_t thread, const thread::Belief& belief, Time at) {
      history.critic(thread, belief, at);
    };
    const auto before = replay(settings_.line, std::move(hooks), settings_.end);
    history.close();
    const Judge judge(history, settings_.outcome, settings_.end, settings_.calendar);
    const Block& c = settings_.blocks.c;
    const Block& d = settings_.blocks.d;
    out_.incidents_all = judge.incidents({Time::min(), Time::max()});
    out_.incidents_c = judge.incidents(c);
    out_.incidents_d = judge.incidents(d);
    out_.most = most_pages(settings_.budget.per_week(), judge.known(c).weeks());
    out_.calibrated = calibrated(judge, d);
    out_.verdict = verdict();
    if (out_.verdict != Verdict::good) return std::move(out_);

    const line::Settings chosen = choose(judge);
    say(0.85, "judging on block D");
    const auto after = replay(chosen, {}, settings_.end);
    out_.before = judge.figures(before, d);
    out_.after = judge.figures(after, d);
    out_.chosen = judge.figures(after, c);
    out_.over_budget = out_.after.incidents > settings_.budget.per_week() * out_.after.weeks;
    out_.curve = curve(judge, d);
    out_.pages = judge.pages(after, d);
    std::erase_if(out_.pages, [](const Page& page) { return page.tier > Tier::t2; });
    out_.desk = by_desk(judge, after, settings_.feedback, d);
    list(judge, history, chosen);
    say(1, "done");
    return std::move(out_);
  }

 private:
  void say(double part, std::string_view what) {
    if (progress_) progress_(part, what);
  }

  Verdict verdict() const {
    if (out_.most < 1) return Verdict::too_short;
    if (out_.incidents_all == 0 || out_.incidents_c + out_.incidents_d == 0)
      return Verdict::no_incidents;
    if (out_.incidents_c == 0 || out_.incidents_d == 0) return Verdict::one_block;
    return Verdict::good;
  }

  std::vector<Page> replay(const line::Settings& with, line::Hooks hooks, Time until) {
    std::vector<Page> pages;
    hooks.event = [&](const IncidentEvent& event) {
      if (event.kind == IncidentEventKind::page || event.kind == IncidentEventKind::upgrade ||
          event.kind == IncidentEventKind::notify)
        pages.push_back(page_of(event));
    };
    play_(with, std::move(hooks), until);
    return pages;
  }

  // On block C: with hold, repeats and all else that decides.
  Figures on_c(const Judge& judge, const line::Settings& with) {
    const Block& c = settings_.blocks.c;
    say(0.15 + 0.7 * std::min(1.0, ++replays_ / 40.0), "choosing on block C");
    return judge.figures(replay(with, {}, c.to + settings_.outcome.within), c);
  }

  line::Settings choose(const Judge& judge) {
    line::Settings with = settings_.line;
    // A budget in force would hide what a threshold costs: what is over it is not paged, and the
    // lowest threshold would keep to it.
    thread::BudgetSettings& budget = with.brand_level.budget;
    budget.pages = budget.night = Rate{};
    thread::DecisionSettings& decision = with.decision;
    const auto found = peaks(judge, settings_.blocks.c);
    const auto most = static_cast<std::size_t>(out_.most);
    out_.guess = found.size() >= most ? found[most - 1] : 0.01;
    const auto pages_at = [&](double theta) {
      decision.theta_page = theta;
      return on_c(judge, with).pages;
    };
    out_.page = lowest_within(out_.guess, out_.most, pages_at);
    decision.theta_page = out_.page.theta;
    choose_repeats(judge, with);
    // T1 pages whatever theta_page is. Only if that alone is over the budget is its threshold
    // raised.
    if (!out_.page.within) {
      out_.tier1 = lowest_within(decision.theta_tier1, out_.most, [&](double theta) {
        decision.theta_tier1 = theta;
        return on_c(judge, with).pages;
      });
      decision.theta_tier1 = out_.tier1.theta;
      out_.page = lowest_within(out_.page.theta, out_.most, pages_at);
      decision.theta_page = out_.page.theta;
    }
    if (settings_.night.limited()) choose_night(judge, with);
    if (settings_.notices.limited()) choose_notices(judge, with);
    budget.pages = settings_.budget;
    budget.night = settings_.night;
    return with;
  }

  // Ringing again about what is known already spends the budget too: with fewer repeats a lower
  // threshold may keep to it, and find more in time.
  void choose_repeats(const Judge& judge, line::Settings& with) {
    thread::DecisionSettings& decision = with.decision;
    if (decision.repage_factor >= kFewRepeats) return;
    const double usual = decision.repage_factor;
    const int early = on_c(judge, with).early;
    decision.repage_factor = kFewRepeats;
    const Choice choice = lowest_within(out_.page.theta, out_.most, [&](double theta) {
      decision.theta_page = theta;
      return on_c(judge, with).pages;
    });
    decision.theta_page = choice.theta;
    if (choice.within && (!out_.page.within || on_c(judge, with).early > early)) {
      out_.page = choice;
      out_.repage_factor = kFewRepeats;
      return;
    }
    decision.repage_factor = usual;
    decision.theta_page = out_.page.theta;
  }

  // A line pages at night as by day: what may wait is a matter of [budget]. What can be said of the
  // night here is whether its budget is kept, and from which risk on it would be.
  void choose_night(const Judge& judge, line::Settings with) {
    const int most =
        most_pages(settings_.night.per_week(), judge.known(settings_.blocks.c).weeks());
    out_.night = lowest_within(with.decision.theta_page, std::max(most, 0), [&](double theta) {
      with.decision.theta_page = theta;
      return on_c(judge, with).night_pages;
    });
  }

  void choose_notices(const Judge& judge, line::Settings& with) {
    const int most =
        most_pages(settings_.notices.per_week(), judge.known(settings_.blocks.c).weeks());
    if (most < 1) return;
    out_.notify = lowest_within(with.decision.theta_page / 2, most, [&](double theta) {
      with.decision.theta_notify = theta;
      return on_c(judge, with).notices;
    });
    // Over theta_page it would say nothing before the page; lower it would say something of all.
    out_.notify.theta =
        std::min(std::max(out_.notify.theta, kLeastNotice), with.decision.theta_page);
    with.decision.theta_notify = out_.notify.theta;
  }

  void list(const Judge& judge, const History& history, const line::Settings& chosen) {
    std::map<std::uint64_t, Time> paged;
    std::set<std::uint64_t> wrong;
    for (const Page& page : out_.pages) {
      paged.try_emplace(page.thread, page.at);
      for (const std::uint64_t thread : page.threads)
        paged.try_emplace(thread, page.at);
      if (judge.right(page.thread, out_.pages) || !wrong.insert(page.thread).second) continue;
      const ThreadTrail* thread = history.find(page.thread);
      out_.worst.push_back(
          {page, thread == nullptr ? page.critics : static_cast<int>(thread->critics.size())});
    }
    out_.wrong.assign(wrong.begin(), wrong.end());
    for (const ThreadTrail* thread : judge.threads(settings_.blocks.d)) {
      const auto reached = thread->reached(settings_.outcome);
      const auto page = paged.find(thread->key);
      if (!reached || (page != paged.end() && page->second < *reached)) continue;
      Miss miss;
      miss.thread = thread->key;
      miss.reached = *reached;
      if (page != paged.end()) miss.paged = page->second;
      miss.peak = thread->peak_before(*reached);
      miss.critics = static_cast<int>(thread->critics.size());
      out_.misses.push_back(std::move(miss));
    }
    std::ranges::stable_sort(out_.misses, std::greater{}, &Miss::peak);
    std::ranges::stable_sort(out_.worst, {}, &FalsePage::critics);
    out_.misses.resize(std::min(out_.misses.size(), kListed));
    out_.worst.resize(std::min(out_.worst.size(), kListed));
    if (!out_.misses.empty()) name_misses(chosen);
  }

  // What was not paged about has no incident that names it: its root is looked for once more.
  void name_misses(const line::Settings& with) {
    say(0.95, "looking for the links");
    line::Hooks hooks;
    hooks.learnt = [&](const line::Learnt& learnt) {
      if (!learnt.post.root || learnt.kind != MentionKind::create) return;
      for (Miss& miss : out_.misses) {
        if (miss.thread != learnt.observation.thread) continue;
        miss.brand = learnt.brand;
        miss.url = learnt.post.url;
        miss.text = learnt.post.text;
      }
    };
    play_(with, std::move(hooks), settings_.end);
  }

  const Play& play_;
  const TuneSettings& settings_;
  const std::function<void(double, std::string_view)>& progress_;
  TuneResult out_;
  int replays_ = 0;
};

}  // namespace

TuneResult tune(const Play& play, const TuneSettings& settings,
                const std::function<void(double, std::string_view)>& progress) {
  return Tuner(play, settings, progress).run();
}

}  // namespace brandwacht::replay
