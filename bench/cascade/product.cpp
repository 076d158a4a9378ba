#include "bench/cascade/product.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/figure.hpp"
#include "bench/fits.hpp"
#include "monitor/thread/table.hpp"

namespace brandwacht::bench {
namespace {

constexpr std::array<int, 3> kAges{10, 30, 60};

struct Event {
  Time at;
  std::size_t thread;
  std::int32_t post;  // -1: the root; kAsk + age: not a post, ask
  static constexpr std::int32_t kAsk = 1 << 30;
};

std::vector<Event> stream_of(const std::vector<RealThread>& threads) {
  std::vector<Event> out;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const RealThread& thread = threads[i];
    out.push_back({thread.began, i, -1});
    for (std::size_t n = 0; n < thread.posts.size(); ++n)
      out.push_back({thread.began + std::chrono::seconds{thread.posts[n].after}, i,
                     static_cast<std::int32_t>(n)});
    for (const int age : kAges)
      out.push_back({thread.began + std::chrono::minutes{age}, i, Event::kAsk + age});
  }
  std::ranges::sort(out, {}, [](const Event& e) { return std::tuple(e.at, e.thread, e.post); });
  return out;
}

thread::Observation observation(const RealThread& thread, const Event& event) {
  thread::Observation out;
  out.mention = thread.key + static_cast<std::uint64_t>(event.post + 1);
  out.thread = thread.key;
  out.created_at = out.received_at = event.at;
  out.negative = 1;
  out.author = thread.author;
  if (event.post >= 0) {
    out.parent = thread.key;
    out.author = thread.posts[static_cast<std::size_t>(event.post)].author;
  }
  return out;
}

double log_odds(double p) {
  p = std::clamp(p, 1e-4, 1 - 1e-4);
  return std::log(p / (1 - p));
}

// Bins of the week, each shrunk towards its hour of the day by as much as an average bin holds.
thread::Profile fit_profile(const std::vector<RealThread>& threads, const Chosen& train) {
  constexpr std::size_t kBins = thread::Profile::kBins;
  std::array<double, kBins> bins{};
  double mean = 0;
  for (std::size_t i = 0; i < threads.size(); ++i)
    if (train(i))
      for (const std::int32_t after : threads[i].joins) {
        const auto at = threads[i].began + std::chrono::seconds{after};
        ++bins[thread::Profile::bin(thread::to_second(at))];
        mean += 1.0 / kBins;
      }
  const double shrink = 3000 / std::max(mean, 1.0);
  std::array<double, kBins> out{};
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    double hour = 0;
    for (std::size_t day = 0; day < 7; ++day)
      hour += bins[day * 24 + bin % 24] / 7;
    out[bin] = (bins[bin] + shrink * hour) / (1 + shrink);
  }
  return thread::Profile(out);
}

struct State {
  thread::Cascade cascade;
  double ahead;
};

State state_of(const RealThread& thread, int age, const thread::Model& model) {
  const auto tau = [&](std::int64_t after) {
    return model.profile.tau(thread::to_second(thread.began + std::chrono::seconds{after}));
  };
  State out;
  out.cascade.root(tau(0), model.root_mark, model.kernel);
  const std::int64_t now = age * 60;
  for (const std::int32_t after : thread.joins) {
    if (after > now) break;
    out.cascade.join(tau(after), 1, model.kernel);
  }
  out.cascade.advance(tau(now), model.kernel);
  out.ahead = tau(now + kAhead) - tau(now);
  return out;
}

// Log loss of the forecast and the number of joiners alone, over all questions: what `delta` and
// the prior are chosen by.
class Choice {
 public:
  Choice(const std::vector<RealThread>& threads, const Chosen& train,
         const thread::Forecast& forecast)
      : threads_(threads), forecast_(forecast) {
    for (const Question& question : kQuestions) {
      auto& cases = decided_.emplace_back();
      for (const Decided& decided : decide_all(threads, question))
        if (train(decided.thread)) cases.push_back(decided);
    }
  }

  double loss(const thread::Model& model, std::span<const thread::Prior> priors,
              std::size_t& best) const {
    double least = std::numeric_limits<double>::infinity();
    std::vector<double> sums(priors.size(), 0.0);
    for (std::size_t q = 0; q < kQuestions.size(); ++q) {
      std::vector<State> states;
      for (const Decided& decided : decided_[q])
        states.push_back(state_of(threads_[decided.thread], kQuestions[q].age, model));
      for (std::size_t p = 0; p < priors.size(); ++p)
        sums[p] += loss(decided_[q], states, priors[p], kQuestions[q].further);
    }
    for (std::size_t p = 0; p < priors.size(); ++p)
      if (sums[p] < least) {
        least = sums[p];
        best = p;
      }
    return least;
  }

 private:
  double loss(const std::vector<Decided>& decided, const std::vector<State>& states,
              const thread::Prior& prior, int further) const {
    std::vector<Case> cases;
    for (std::size_t i = 0; i < states.size(); ++i)
      cases.push_back(
          {{log_odds(forecast_.probability(states[i].cascade, prior, further, states[i].ahead)),
            decided[i].counts[3]},
           decided[i].yes});
    const Logistic fitted = fit_logistic(cases);
    double sum = 0;
    for (const Case& c : cases) {
      const double p = fitted.probability(c.x);
      sum -= std::log(c.yes ? p : 1 - p);
    }
    return sum / static_cast<double>(cases.size());
  }

  const std::vector<RealThread>& threads_;
  const thread::Forecast& forecast_;
  std::vector<std::vector<Decided>> decided_;
};

std::vector<double> numbers(const thread::Features& features) {
  return {features.begin(), features.end()};
}

}  // namespace

thread::Features Seen::features(thread::Horizon horizon) const {
  thread::Features out = belief.features;
  out[static_cast<std::size_t>(thread::Feature::forecast)] = static_cast<float>(
      log_odds(static_cast<double>(belief.forecast[static_cast<std::size_t>(horizon)])));
  return out;
}

std::vector<Seen> watch(const std::vector<RealThread>& threads,
                        std::shared_ptr<const thread::Model> model) {
  thread::Settings settings;
  settings.model = std::move(model);
  thread::Table table(settings);
  std::vector<Seen> out;
  std::vector<int> critics(threads.size(), 0);
  for (const Event& event : stream_of(threads)) {
    const RealThread& thread = threads[event.thread];
    const bool ask = event.post >= Event::kAsk;
    bool doubled = false;
    if (!ask && table.observe(observation(thread, event)).new_critic) {
      const int now = ++critics[event.thread];
      doubled = now % kLeastJoiners == 0 && (now / kLeastJoiners & (now / kLeastJoiners - 1)) == 0;
    }
    if (!doubled && (!ask || critics[event.thread] < kLeastJoiners)) continue;
    const auto belief = table.belief(thread.key, event.at);
    require(belief.has_value(), "a thread was lost");
    const auto after = std::chrono::duration_cast<std::chrono::seconds>(event.at - thread.began);
    out.push_back({event.thread, static_cast<std::int32_t>(after.count()), doubled, *belief});
  }
  return out;
}

thread::Model fit_cascade(const std::vector<RealThread>& threads, const Chosen& train) {
  constexpr std::array<thread::Prior, 4> kPriors{{{2, 2}, {4, 5}, {8, 10}, {16, 20}}};
  thread::Model out;
  out.profile = fit_profile(threads, train);
  out.root_mark = 3;
  const thread::Forecast forecast(out.kernel);
  const Choice choice(threads, train, forecast);
  double least = std::numeric_limits<double>::infinity();
  thread::Model tried = out;
  for (const double delta : {0.125, 0.5, 1.0, 1.5, 3.0}) {
    tried.kernel.delta = delta;
    std::size_t best = 0;
    const double loss = choice.loss(tried, kPriors, best);
    if (loss >= least) continue;
    least = loss;
    out = tried;
    out.prior = kPriors[best];
  }
  return out;
}

thread::Calibration fit_weights(std::span<const Outcome> cases) {
  constexpr std::size_t kInner = 5;
  constexpr double kRidge = 3;
  std::vector<int> signs;
  for (std::size_t j = 0; j < thread::kFeatures; ++j)
    signs.push_back(thread::allowed_sign(static_cast<thread::Feature>(j)));
  // Predictions for threads that the weights did not see, for the curve.
  std::vector<std::pair<double, bool>> said;
  const auto part = [](const Outcome& c) { return fold_of(c.thread, kInner, 77); };
  for (std::size_t inner = 0; inner < kInner; ++inner) {
    std::vector<Case> learn;
    for (const Outcome& c : cases)
      if (part(c) != inner) learn.push_back({numbers(c.features), c.yes});
    const Logistic fitted = fit_logistic(learn, kRidge, signs);
    for (const Outcome& c : cases)
      if (part(c) == inner) said.emplace_back(fitted.probability(numbers(c.features)), c.yes);
  }
  std::vector<Case> all;
  for (const Outcome& c : cases)
    all.push_back({numbers(c.features), c.yes});
  const Logistic fitted = fit_logistic(all, kRidge, signs);
  thread::Calibration out;
  out.intercept = fitted.intercept;
  std::ranges::copy(fitted.weight, out.weight.begin());
  out.isotonic = fit_isotonic(std::move(said));
  return out;
}

}  // namespace brandwacht::bench
