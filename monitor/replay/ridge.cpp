#include "monitor/replay/ridge.hpp"

#include <algorithm>
#include <cmath>

namespace brandwacht::replay {
namespace {

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

struct Scale {
  std::vector<double> mean, deviation;
  // What hardly varies is noise of rounding: its standardised weight would become a giant on the
  // next recording, where it does vary.
  bool varies(std::size_t j) const {
    return deviation[j] > 1e-4 * std::max(1.0, std::abs(mean[j]));
  }
};

Scale scale_of(std::span<const Case> cases, std::size_t features) {
  Scale out{std::vector<double>(features, 0.0), std::vector<double>(features, 0.0)};
  double total = 0;
  for (const Case& c : cases) {
    total += c.weight;
    for (std::size_t j = 0; j < features; ++j)
      out.mean[j] += c.weight * c.x[j];
  }
  for (double& mean : out.mean)
    mean /= total;
  for (const Case& c : cases)
    for (std::size_t j = 0; j < features; ++j)
      out.deviation[j] += c.weight * (c.x[j] - out.mean[j]) * (c.x[j] - out.mean[j]);
  for (double& deviation : out.deviation)
    deviation = std::sqrt(deviation / total);
  return out;
}

// The quadratic that the loss is like near `beta`: curvature and gradient, the intercept last.
struct Quadratic {
  std::vector<double> curvature, gradient;
  double loss = 0;
};

class Problem {
 public:
  Problem(std::span<const Case> cases, const Scale& scale, double ridge)
      : size_(scale.mean.size() + 1), ridge_(ridge) {
    for (const Case& c : cases) {
      for (std::size_t j = 0; j + 1 < size_; ++j)
        x_.push_back(scale.varies(j) ? (c.x[j] - scale.mean[j]) / scale.deviation[j] : 0);
      x_.push_back(1);
      y_.push_back(c.yes ? 1 : 0);
      weight_.push_back(c.weight);
    }
  }
  std::size_t size() const { return size_; }

  Quadratic at(const std::vector<double>& beta) const {
    Quadratic q{std::vector<double>(size_ * size_, 0.0), std::vector<double>(size_, 0.0)};
    for (std::size_t i = 0; i < y_.size(); ++i) {
      const double* x = &x_[i * size_];
      double sum = 0;
      for (std::size_t j = 0; j < size_; ++j)
        sum += beta[j] * x[j];
      const double p = logistic(sum);
      q.loss +=
          weight_[i] * (std::log1p(std::exp(-std::abs(sum))) + std::max(sum, 0.0) - y_[i] * sum);
      const double bend = weight_[i] * std::max(p * (1 - p), 1e-6);
      for (std::size_t j = 0; j < size_; ++j) {
        q.gradient[j] += weight_[i] * (p - y_[i]) * x[j];
        for (std::size_t k = 0; k <= j; ++k)
          q.curvature[j * size_ + k] += bend * x[j] * x[k];
      }
    }
    for (std::size_t j = 0; j < size_; ++j)
      for (std::size_t k = 0; k < j; ++k)
        q.curvature[k * size_ + j] = q.curvature[j * size_ + k];
    for (std::size_t j = 0; j + 1 < size_; ++j) {
      q.curvature[j * size_ + j] += ridge_;
      q.gradient[j] += ridge_ * beta[j];
      q.loss += ridge_ / 2 * beta[j] * beta[j];
    }
    return q;
  }

 private:
  std::size_t size_;
  double ridge_;
  std::vector<double> x_, y_, weight_;
};

// The step that minimises the quadratic, coordinate by coordinate, without crossing a sign.
std::vector<double> step(const Quadratic& q, const std::vector<double>& beta,
                         std::span<const int> signs) {
  const std::size_t size = beta.size();
  std::vector<double> move(size, 0.0), slope = q.gradient;
  for (int round = 0; round < 200; ++round) {
    double most = 0;
    for (std::size_t j = 0; j < size; ++j) {
      const double bend = q.curvature[j * size + j];
      if (bend <= 0) continue;
      double to = beta[j] + move[j] - slope[j] / bend;
      if (j < signs.size() && signs[j] * to < 0) to = 0;
      const double change = to - beta[j] - move[j];
      if (change == 0) continue;
      move[j] += change;
      for (std::size_t k = 0; k < size; ++k)
        slope[k] += change * q.curvature[j * size + k];
      most = std::max(most, std::abs(change));
    }
    if (most < 1e-9) break;
  }
  return move;
}

std::vector<double> minimise(const Problem& problem, std::span<const int> signs) {
  std::vector<double> beta(problem.size(), 0.0);
  Quadratic here = problem.at(beta);
  for (int round = 0; round < 30; ++round) {
    const auto move = step(here, beta, signs);
    double part = 1, most = 0;
    for (int halving = 0; halving < 20; ++halving, part /= 2) {
      auto tried = beta;
      for (std::size_t j = 0; j < beta.size(); ++j)
        tried[j] += part * move[j];
      auto there = problem.at(tried);
      if (there.loss > here.loss + 1e-12) continue;
      for (std::size_t j = 0; j < beta.size(); ++j)
        most = std::max(most, std::abs(tried[j] - beta[j]));
      beta = std::move(tried);
      here = std::move(there);
      break;
    }
    if (most < 1e-7) break;
  }
  return beta;
}

}  // namespace

double Logistic::log_odds(std::span<const double> x) const {
  double sum = intercept;
  for (std::size_t j = 0; j < weight.size(); ++j)
    sum += weight[j] * x[j];
  return sum;
}

double Logistic::probability(std::span<const double> x) const {
  return logistic(log_odds(x));
}

Logistic fit_logistic(std::span<const Case> cases, double ridge, std::span<const int> signs) {
  if (cases.empty()) return {};
  const std::size_t features = cases.front().x.size();
  const Scale scale = scale_of(cases, features);
  const auto beta = minimise(Problem(cases, scale, ridge), signs);
  Logistic out{beta.back(), std::vector<double>(features, 0.0)};
  for (std::size_t j = 0; j < features; ++j) {
    if (!scale.varies(j)) continue;
    out.weight[j] = beta[j] / scale.deviation[j];
    out.intercept -= out.weight[j] * scale.mean[j];
  }
  return out;
}

std::vector<std::pair<double, double>> fit_isotonic(std::vector<std::pair<double, bool>> said,
                                                    std::size_t bins) {
  std::ranges::stable_sort(said, {}, &std::pair<double, bool>::first);
  struct Block {
    double said, happened, count;
  };
  std::vector<Block> blocks;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    Block block{0, 0, 0};
    for (std::size_t i = bin * said.size() / bins; i < (bin + 1) * said.size() / bins; ++i) {
      block.said += said[i].first;
      block.happened += said[i].second ? 1 : 0;
      ++block.count;
    }
    if (block.count == 0) continue;
    blocks.push_back(block);
    while (blocks.size() > 1) {
      const Block last = blocks.back();
      Block& before = blocks[blocks.size() - 2];
      if (before.happened / before.count < last.happened / last.count) break;
      before = {before.said + last.said, before.happened + last.happened,
                before.count + last.count};
      blocks.pop_back();
    }
  }
  std::vector<std::pair<double, double>> knots;
  for (const Block& block : blocks)  // half a case on either side, so that nothing is certain
    knots.emplace_back(block.said / block.count, (block.happened + 0.5) / (block.count + 1));
  if (knots.empty()) return knots;
  knots.insert(knots.begin(), {0.0, knots.front().second / 2});
  knots.emplace_back(1.0, (1 + knots.back().second) / 2);
  return knots;
}

double through(std::span<const std::pair<double, double>> knots, double p) {
  if (knots.empty()) return p;
  const auto above = std::ranges::upper_bound(knots, p, {}, &std::pair<double, double>::first);
  if (above == knots.begin()) return knots.front().second;
  if (above == knots.end()) return knots.back().second;
  const auto& low = *std::prev(above);
  return low.second + (p - low.first) / (above->first - low.first) * (above->second - low.second);
}

}  // namespace brandwacht::replay
