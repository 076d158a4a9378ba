#include "monitor/text/train/solver.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "monitor/text/train/draw.hpp"

namespace brandwacht::text::train {
namespace {

// In each set both classes count the same, or the ratio would say which set a text is of.
std::vector<std::pair<double, double>> class_shares(std::span<const Lesson> lessons,
                                                    std::size_t sets) {
  std::vector<std::pair<double, double>> out(sets);
  for (const Lesson& one : lessons)
    (one.truth ? out[one.set].first : out[one.set].second) += static_cast<double>(one.weight);
  for (auto& [yes, no] : out) {
    const double all = yes + no;
    yes = yes > 0 ? all / (2 * yes) : 0;
    no = no > 0 ? all / (2 * no) : 0;
  }
  return out;
}

// The square of what each feature is scaled with.
std::vector<float> scales(const SparseTexts& texts, std::span<const Lesson> lessons,
                          const std::vector<float>& freedom, std::size_t sets, double ratio) {
  std::vector<float> out = freedom;
  if (ratio <= 0) return out;
  const auto shares = class_shares(lessons, sets);
  std::vector<float> yes(out.size(), 1), no(out.size(), 1);
  double all_yes = static_cast<double>(out.size()), all_no = all_yes, weights = 0;
  for (const Lesson& one : lessons)
    weights += static_cast<double>(one.weight);
  const double unit = static_cast<double>(lessons.size()) / std::max(weights, 1e-9);
  for (const Lesson& one : lessons) {
    const auto& [y, n] = shares[one.set];
    const double count = static_cast<double>(one.weight) * unit * (one.truth ? y : n);
    auto& to = one.truth ? yes : no;
    std::uint32_t last = UINT32_MAX;
    for (const auto& entry : texts.of(one.text))
      if (entry.feature != std::exchange(last, entry.feature)) {
        to[entry.feature] += static_cast<float>(count);
        (one.truth ? all_yes : all_no) += count;
      }
  }
  const double base = std::log(all_yes / all_no);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (out[i] > 0)
      out[i] *= static_cast<float>(
          std::pow(std::abs(std::log(static_cast<double>(yes[i] / no[i])) - base), 2 * ratio));
  return out;
}

class Solver {
 public:
  Solver(const SparseTexts& texts, std::span<const Lesson> lessons, std::vector<float> scales,
         std::size_t sets, const Learning& how)
      : texts_(texts), lessons_(lessons), scales_(std::move(scales)), how_(how), set_bias_(sets) {
    column_.weights.assign(scales_.size(), 0);
    for (const Lesson& one : lessons_) {
      double square = kBias + (one.constant ? kBias : 0);
      for (const auto& entry : texts_.of(one.text))
        square += static_cast<double>(scales_[entry.feature] * entry.value * entry.value);
      squares_.push_back(square);
      const double most = cost(one), first = std::min(0.001 * most, 1e-8);
      alpha_.emplace_back(first, most - first);
    }
  }

  Column solve(std::uint64_t seed) {
    std::vector<std::uint32_t> order(lessons_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i)
      order[i] = i;
    Draw draw{seed};
    for (int epoch = 0; epoch < how_.epochs; ++epoch) {
      for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[draw.next() % i]);
      for (std::size_t i = 0; i < order.size(); ++i) {
        if (i + 1 < order.size()) __builtin_prefetch(texts_.of(lessons_[order[i + 1]].text).data());
        improve(order[i]);
      }
    }
    return std::move(column_);
  }

 private:
  static constexpr double kBias = 1;  // how freely a constant moves

  double cost(const Lesson& one) const { return how_.cost * static_cast<double>(one.weight); }

  // The dual variable of one example at its best, the others as they are.
  void improve(std::uint32_t which) {
    const Lesson& one = lessons_[which];
    const auto entries = texts_.of(one.text);
    float sum = column_.bias + (one.constant ? set_bias_[one.set] : 0);
    for (const auto& entry : entries)
      sum += column_.weights[entry.feature] * entry.value;
    auto& [up, down] = alpha_[which];
    const double most = cost(one), a = squares_[which];
    const double b = one.truth ? static_cast<double>(sum) : -static_cast<double>(sum);
    const bool flip = 0.5 * a * (down - up) + b < 0;
    double& moved = flip ? down : up;
    double& rest = flip ? up : down;
    const double sign = flip ? -1 : 1, before = moved;
    double z = before;
    if (most - z < 0.5 * most) z *= 0.1;
    const auto slope = [&] { return a * (z - before) + sign * b + std::log(z / (most - z)); };
    double g = slope();
    for (int round = 0; round < 50 && std::abs(g) > 1e-3; ++round) {
      const double next = z - g / (a + most / (most - z) / z);
      z = next <= 0 ? z * 0.1 : next >= most ? z + 0.9 * (most - z) : next;
      g = slope();
    }
    moved = z;
    rest = most - z;
    const auto delta = static_cast<float>(sign * (z - before) * (one.truth ? 1 : -1));
    if (delta == 0) return;
    for (const auto& entry : entries)
      column_.weights[entry.feature] += delta * scales_[entry.feature] * entry.value;
    column_.bias += delta * static_cast<float>(kBias);
    if (one.constant) set_bias_[one.set] += delta * static_cast<float>(kBias);
  }

  const SparseTexts& texts_;
  std::span<const Lesson> lessons_;
  std::vector<float> scales_;
  Learning how_;
  std::vector<double> squares_;
  std::vector<std::pair<double, double>> alpha_;
  std::vector<float> set_bias_;
  Column column_;
};

}  // namespace

Column learn_column(const SparseTexts& texts, std::span<const Lesson> lessons,
                    const std::vector<float>& freedom, std::size_t sets, const Learning& how,
                    std::uint64_t seed) {
  Column none;
  none.weights.assign(freedom.size(), 0);
  if (lessons.empty()) return none;
  return Solver(texts, lessons, scales(texts, lessons, freedom, sets, how.ratio), sets, how)
      .solve(seed);
}

}  // namespace brandwacht::text::train
