#include "monitor/replay/cascade_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "monitor/replay/ridge.hpp"

namespace brandwacht::replay {
namespace {

using thread::Second;

constexpr std::size_t kFewJoiners = 500;
constexpr double kShrink = 3000;          // joiners
constexpr std::size_t kMostRows = 8'000;  // of the search; every n-th thread beyond
constexpr std::size_t kFewPositive = 10;  // of a horizon, below which it does not choose
constexpr std::array<double, 5> kDeltas{0.125, 0.5, 1.0, 1.5, 3.0};
constexpr std::array<double, 2> kMarks{1, 3};
constexpr std::array<double, 5> kShapes{1, 2, 4, 8, 16};
constexpr std::array<double, 3> kMeans{0.3, 0.5, 0.8};  // prior means of the branching ratio

double log_odds(double p) {
  p = std::clamp(p, 1e-4, 1 - 1e-4);
  return std::log(p / (1 - p));
}

struct Moment {
  std::uint32_t history;
  std::uint32_t joiners;
};

// A cascade at a moment, and how much operational time its horizons have.
struct State {
  thread::Cascade cascade;
  std::array<double, thread::kHorizons> ahead;
};

class Search {
 public:
  Search(const std::vector<ThreadHistory>& histories, Second until) : histories_(histories) {
    std::size_t all = 0;
    const auto rows_of = [&](const ThreadHistory& history) {
      std::size_t rows = 0;
      for (std::size_t n = 3; n <= history.joins.size(); ++n)
        rows += is_row(static_cast<int>(n)) ? 1 : 0;
      return rows;
    };
    for (const ThreadHistory& history : histories)
      all += rows_of(history);
    const std::size_t every = all / kMostRows + 1;
    for (std::uint32_t i = 0; i < histories.size(); i += static_cast<std::uint32_t>(every))
      for (std::uint32_t n = 3; n <= histories[i].joins.size(); ++n)
        if (is_row(static_cast<int>(n)) && histories[i].joins[n - 1] + kLongest <= until)
          moments_.push_back({i, n});
    for (std::size_t horizon = 0; horizon < thread::kHorizons; ++horizon) {
      const auto [further, hours] = thread::kTargets[horizon];
      for (const Moment& moment : moments_) {
        const auto& joins = histories[moment.history].joins;
        const Second now = joins[moment.joiners - 1];
        const auto end = std::ranges::upper_bound(joins, now + static_cast<Second>(hours * 3600));
        const auto more = (end - joins.begin()) - static_cast<std::ptrdiff_t>(moment.joiners);
        happened_[horizon].push_back(more >= further);
      }
      const auto yes = static_cast<std::size_t>(std::ranges::count(happened_[horizon], true));
      counts_[horizon] = std::min(yes, moments_.size() - yes) >= kFewPositive;
    }
  }

  std::size_t rows() const { return moments_.size(); }
  bool possible() const {
    return std::ranges::any_of(counts_, [](bool any) { return any; });
  }

  // The best prior for a kernel, a profile and a root mark.
  std::pair<double, thread::Prior> best(const thread::Model& model,
                                        const thread::Forecast& forecast) const {
    const auto states = states_of(model);
    std::pair<double, thread::Prior> out{std::numeric_limits<double>::infinity(), model.prior};
    for (const double shape : kShapes)
      for (const double mean : kMeans) {
        const thread::Prior prior{shape, shape / mean};
        double sum = 0;
        for (std::size_t horizon = 0; horizon < thread::kHorizons; ++horizon)
          if (counts_[horizon]) sum += loss(states, forecast, prior, horizon);
        if (sum < out.first) out = {sum, prior};
      }
    return out;
  }

 private:
  static constexpr Second kLongest = 6 * 3600;

  std::vector<State> states_of(const thread::Model& model) const {
    std::vector<State> out;
    out.reserve(moments_.size());
    std::uint32_t last = std::numeric_limits<std::uint32_t>::max(), next = 0;
    thread::Cascade cascade;
    for (const Moment& moment : moments_) {
      const ThreadHistory& history = histories_[moment.history];
      if (moment.history != last) {
        last = moment.history;
        next = 0;
        cascade = {};
        cascade.root(model.profile.tau(history.began), model.root_mark, model.kernel);
      }
      for (; next < moment.joiners; ++next)
        cascade.join(model.profile.tau(history.joins[next]), 1, model.kernel);
      const Second now = history.joins[moment.joiners - 1];
      State state{cascade, {}};
      for (std::size_t horizon = 0; horizon < thread::kHorizons; ++horizon)
        state.ahead[horizon] =
            model.profile.tau(now + static_cast<Second>(thread::kTargets[horizon].hours * 3600)) -
            model.profile.tau(now);
      out.push_back(state);
    }
    return out;
  }

  double loss(const std::vector<State>& states, const thread::Forecast& forecast,
              const thread::Prior& prior, std::size_t horizon) const {
    std::vector<Case> cases;
    cases.reserve(states.size());
    for (std::size_t i = 0; i < states.size(); ++i) {
      const double raw = forecast.probability(
          states[i].cascade, prior, thread::kTargets[horizon].further, states[i].ahead[horizon]);
      cases.push_back({{log_odds(raw), std::log1p(moments_[i].joiners)}, happened_[horizon][i]});
    }
    const Logistic fitted = fit_logistic(cases);
    double sum = 0;
    for (const Case& c : cases) {
      const double p = std::clamp(fitted.probability(c.x), 1e-9, 1 - 1e-9);
      sum -= std::log(c.yes ? p : 1 - p);
    }
    return sum / static_cast<double>(cases.size());
  }

  const std::vector<ThreadHistory>& histories_;
  std::vector<Moment> moments_;
  std::array<std::vector<bool>, thread::kHorizons> happened_;
  std::array<bool, thread::kHorizons> counts_{};
};

}  // namespace

bool is_row(int joiners) {
  for (int power = 2; power <= joiners; power *= 2)
    if (joiners == power || joiners == power + power / 2) return joiners >= 3;
  return false;
}

thread::Profile fit_profile(const std::vector<ThreadHistory>& histories) {
  constexpr std::size_t kBins = thread::Profile::kBins;
  std::array<double, kBins> bins{}, shrunk{};
  std::array<double, 24> hours{};
  std::size_t all = 0;
  for (const ThreadHistory& history : histories)
    for (const Second at : history.joins) {
      const std::size_t bin = thread::Profile::bin(at);
      ++bins[bin];
      hours[bin % 24] += 1.0 / 7;
      ++all;
    }
  if (all < kFewJoiners) return {};
  const double weight = kShrink / (static_cast<double>(all) / kBins);
  for (std::size_t bin = 0; bin < kBins; ++bin)
    shrunk[bin] = (bins[bin] + weight * hours[bin % 24]) / (1 + weight);
  return thread::Profile(shrunk);
}

thread::Kernel fit_kernel(const std::vector<ThreadHistory>& histories, const thread::Model& model) {
  constexpr int kRounds = 12;
  constexpr double kAsMuch = 200;  // joiners that speak for the given weights
  thread::Kernel kernel = model.kernel;
  for (int round = 0; round < kRounds; ++round) {
    std::array<double, thread::kModes> share, exposed;
    for (std::size_t k = 0; k < thread::kModes; ++k) {
      share[k] = kAsMuch * model.kernel.weight[k];
      exposed[k] = kAsMuch;
    }
    for (const ThreadHistory& history : histories) {
      thread::Cascade cascade;
      cascade.root(model.profile.tau(history.began), model.root_mark, kernel);
      for (const Second at : history.joins) {
        cascade.advance(model.profile.tau(at), kernel);
        std::array<double, thread::kModes> part;
        double sum = 0;
        for (std::size_t k = 0; k < thread::kModes; ++k)
          sum += part[k] = kernel.weight[k] * kernel.beta[k] * std::max(cascade.due[k], 0.0);
        if (sum > 0)
          for (std::size_t k = 0; k < thread::kModes; ++k)
            share[k] += part[k] / sum;
        cascade.join(model.profile.tau(at), 1, kernel);
      }
      if (history.joins.empty()) continue;
      // What each mode has had the time to bring until two days after the last joiner.
      const double end = model.profile.tau(history.joins.back() + 48 * 3600);
      cascade.advance(end, kernel);
      for (std::size_t k = 0; k < thread::kModes; ++k)
        exposed[k] += model.root_mark + static_cast<double>(history.joins.size()) - cascade.due[k];
    }
    double sum = 0;
    for (std::size_t k = 0; k < thread::kModes; ++k)
      sum += kernel.weight[k] = share[k] / exposed[k];
    for (double& weight : kernel.weight)
      weight /= sum;
  }
  return kernel;
}

CascadeFit fit_cascade(const std::vector<ThreadHistory>& histories, Second until,
                       const thread::Model& model, bool with_kernel) {
  const Search search(histories, until);
  CascadeFit out{model, 0, search.rows()};
  if (!search.possible()) return out;
  out.log_loss = std::numeric_limits<double>::infinity();
  thread::Model tried = model;
  const auto consider = [&](const thread::Forecast& forecast) {
    for (const double mark : kMarks) {
      tried.root_mark = mark;
      const auto [loss, prior] = search.best(tried, forecast);
      // A later candidate has to be worth it.
      if (loss >= out.log_loss * 0.9995) continue;
      out.log_loss = loss;
      out.model = tried;
      out.model.prior = prior;
    }
  };
  // The moments of the forecast do not depend on delta: one table serves all of them.
  const thread::Forecast forecast(tried.kernel);
  for (const double delta : kDeltas) {
    tried.kernel.delta = delta;
    consider(forecast);
  }
  if (!with_kernel) return out;
  tried = out.model;
  tried.kernel = fit_kernel(histories, out.model);
  consider(thread::Forecast(tried.kernel));
  return out;
}

}  // namespace brandwacht::replay
