#include "monitor/text/train/blend.hpp"

#include <algorithm>
#include <cmath>

#include "monitor/text/train/metrics.hpp"

namespace brandwacht::text::train {
namespace {

constexpr std::size_t kInputs = kNamed + 1;  // the learnt columns and a constant
using Vector = std::array<double, kInputs>;

struct Sample {
  const std::array<float, kOutputs>* z;
  double truth, weight;
  double input(std::size_t i) const { return i < kNamed ? static_cast<double>((*z)[i]) : 1.0; }
};

// Solves A x = b by Cholesky's decomposition; A is symmetric and positive definite.
Vector solve(std::array<Vector, kInputs> a, Vector b) {
  for (std::size_t i = 0; i < kInputs; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k)
        sum -= a[i][k] * a[j][k];
      a[i][j] = i == j ? std::sqrt(std::max(sum, 1e-9)) : sum / a[j][j];
    }
  }
  for (std::size_t i = 0; i < kInputs; ++i) {
    for (std::size_t k = 0; k < i; ++k)
      b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (std::size_t i = kInputs; i-- > 0;) {
    for (std::size_t k = i + 1; k < kInputs; ++k)
      b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
  return b;
}

// Where the quadratic at `w` has its minimum, as a distance to go back.
Vector newton_step(std::span<const Sample> samples, const Vector& w, const Vector& start,
                   double ridge, const std::array<bool, kInputs>& allowed) {
  std::array<Vector, kInputs> hessian{};
  Vector gradient{};
  for (const Sample& one : samples) {
    Vector x;
    double odds = 0;
    for (std::size_t i = 0; i < kInputs; ++i) {
      x[i] = allowed[i] ? one.input(i) : 0;
      odds += w[i] * x[i];
    }
    const double p = 1 / (1 + std::exp(-odds));
    const double d = one.weight * (p - one.truth), h = one.weight * std::max(p * (1 - p), 1e-4);
    for (std::size_t i = 0; i < kInputs; ++i) {
      gradient[i] += d * x[i];
      for (std::size_t j = 0; j <= i; ++j)
        hessian[i][j] += h * x[i] * x[j];
    }
  }
  for (std::size_t i = 0; i < kInputs; ++i) {
    const double pull = i + 1 < kInputs ? ridge : 1e-3;
    gradient[i] += pull * (w[i] - start[i]);
    hessian[i][i] += pull;
  }
  return solve(hessian, gradient);
}

// Log loss with the pull towards `start`.
double loss_of(std::span<const Sample> samples, const Vector& w, const Vector& start,
               double ridge) {
  double sum = 0;
  for (const Sample& one : samples) {
    double odds = 0;
    for (std::size_t i = 0; i < kInputs; ++i)
      odds += w[i] * one.input(i);
    sum += one.weight *
           (std::max(odds, 0.0) - one.truth * odds + std::log1p(std::exp(-std::abs(odds))));
  }
  for (std::size_t i = 0; i < kNamed; ++i)
    sum += ridge / 2 * (w[i] - start[i]) * (w[i] - start[i]);
  return sum;
}

// Newton's method, each step shortened until it descends; weights are drawn towards `start` by
// `ridge` and those not in `allowed` stay 0.
Vector fit(std::span<const Sample> samples, const Vector& start, double ridge,
           const std::array<bool, kInputs>& allowed) {
  Vector w = start;
  double before = loss_of(samples, w, start, ridge);
  for (int round = 0; round < 12; ++round) {
    const Vector step = newton_step(samples, w, start, ridge, allowed);
    double times = 1, now = before;
    Vector next = w;
    for (int halves = 0; halves < 8; ++halves, times /= 2) {
      for (std::size_t i = 0; i < kInputs; ++i)
        next[i] = w[i] - times * step[i];
      now = loss_of(samples, next, start, ridge);
      if (now < before) break;
    }
    if (!(now < before)) break;
    const bool done = before - now < 1e-6 * before;
    w = next;
    before = now;
    if (done) break;
  }
  return w;
}

Blend to_blend(const Vector& w) {
  Blend out;
  for (std::size_t i = 0; i < kNamed; ++i)
    out.weights[i] = static_cast<float>(w[i]);
  out.bias = static_cast<float>(w[kNamed]);
  return out;
}

bool known(float target) {
  return target == target;
}

class Fitting {
 public:
  Fitting(const Corpus& corpus, const std::vector<std::array<float, kOutputs>>& unseen,
          std::span<const std::uint32_t> examples)
      : corpus_(corpus), unseen_(unseen), examples_(examples) {}

  // Of a shown output in texts of one kind. Too few of them: nothing.
  bool shown(std::size_t output, Domain domain, Blend& out) const {
    std::vector<Sample> samples;
    std::vector<Judged> alone;
    const std::size_t column = column_of(output, domain);
    std::size_t yes = 0;
    for (const std::uint32_t e : examples_) {
      const Example& example = corpus_.examples[e];
      const SetInfo& set = corpus_.sets[example.set];
      if (set.domain != domain || !set.calibrates) continue;
      float truth = example.target[column];
      double weight = example.uncertain ? 0.5 : 1;
      // Who is a critic in tweets about anything, and in those to companies: the second are few.
      if (column == index(Output::open_negative) && !known(truth)) {
        truth = example.target[index(Output::open_complaint)];
        weight = kToCompanies;
      }
      if (!known(truth)) continue;
      samples.push_back({&unseen_[e], truth > 0.5F ? 1.0 : 0.0, weight});
      alone.push_back({unseen_[e][column], truth > 0.5F});
      yes += truth > 0.5F;
    }
    if (yes < 25 || yes + 25 > samples.size()) return false;
    const Platt start = fit_platt(alone);
    Vector from{};
    from[column] = start.a;
    from[kNamed] = start.b;
    out = to_blend(leans(output) ? fit(samples, from, kRidge, inputs()) : from);
    return true;
  }

  // A column that says the same of every text.
  Blend plain(std::size_t column) const {
    std::vector<Judged> all;
    for (const std::uint32_t e : examples_)
      if (const float truth = corpus_.examples[e].target[column]; known(truth))
        all.push_back({unseen_[e][column], truth > 0.5F});
    const Platt platt = fit_platt(all);
    Blend out;
    out.weights[column] = static_cast<float>(platt.a);
    out.bias = static_cast<float>(platt.b);
    return out;
  }

  // Log odds of a kind against the open one.
  Blend kind(Domain domain) const {
    std::vector<Sample> samples;
    std::array<double, kDomains> of{};
    for (const std::uint32_t e : examples_)
      if (const auto& d = corpus_.sets[corpus_.examples[e].set].domain; d)
        of[static_cast<std::size_t>(*d)] += 1;
    for (const std::uint32_t e : examples_) {
      const auto& d = corpus_.sets[corpus_.examples[e].set].domain;
      if (!d || (*d != domain && *d != Domain::open)) continue;
      // Ours count most: a post to a company that is like no other is nearer to them.
      const double weight =
          (*d == Domain::desk ? kOurs : 1) * 2000 / of[static_cast<std::size_t>(*d)];
      samples.push_back({&unseen_[e], *d == domain ? 1.0 : 0.0, weight});
    }
    Blend none;
    none.bias = domain == Domain::desk ? 30 : -30;
    if (of[static_cast<std::size_t>(domain)] < 25 ||
        of[static_cast<std::size_t>(Domain::open)] < 25)
      return none;
    std::array<bool, kInputs> allowed{};
    allowed[index(Output::desk)] = allowed[index(Output::review)] = allowed[kNamed] = true;
    Vector from{};
    from[index(domain == Domain::desk ? Output::desk : Output::review)] = 1;
    return to_blend(fit(samples, from, 1, allowed));
  }

 private:
  static constexpr double kRidge = 20, kOurs = 2.5, kToCompanies = 4;

  // The others have few positives, and what the other columns know of them is chance.
  static bool leans(std::size_t output) {
    for (const Output o : {Output::negative, Output::positive, Output::anger, Output::complaint,
                           Output::abuse, Output::hate})
      if (output == index(o)) return true;
    return false;
  }

  static std::array<bool, kInputs> inputs() {
    std::array<bool, kInputs> out;
    out.fill(true);
    // An accent says of which language a post is, and of nothing else.
    out[index(Output::nl)] = out[index(Output::en)] = false;
    return out;
  }

  const Corpus& corpus_;
  const std::vector<std::array<float, kOutputs>>& unseen_;
  std::span<const std::uint32_t> examples_;
};

}  // namespace

Blends fit_blends(const Corpus& corpus, const std::vector<std::array<float, kOutputs>>& unseen,
                  std::span<const std::uint32_t> examples) {
  const Fitting fitting(corpus, unseen, examples);
  Blends out{};
  for (std::size_t o = 0; o < kShown; ++o)
    if (!fitting.shown(o, Domain::desk, out[o])) out[o] = fitting.plain(o);
  for (const Domain domain : {Domain::open, Domain::review})
    for (std::size_t o = 0; o < kShown; ++o)
      if (const std::size_t column = column_of(o, domain);
          column != o && !fitting.shown(o, domain, out[column]))
        out[column] = out[o];
  for (const Output o : {Output::nl, Output::en})
    out[index(o)] = fitting.plain(index(o));
  out[index(Output::desk)] = fitting.kind(Domain::desk);
  out[index(Output::review)] = fitting.kind(Domain::review);
  return out;
}

Row blended(const Blends& blends, const Row& row) {
  Row out{};
  for (std::size_t o = 0; o < kNamed; ++o)
    for (std::size_t i = 0; i < kNamed; ++i)
      out[o] += blends[o].weights[i] * row[i];
  return out;
}

}  // namespace brandwacht::text::train
