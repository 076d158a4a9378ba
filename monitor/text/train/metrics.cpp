#include "monitor/text/train/metrics.hpp"

#include <algorithm>
#include <cmath>

namespace brandwacht::text::train {

double area_under_curve(std::vector<Judged> judged) {
  std::ranges::sort(judged, {}, &Judged::p);
  double rank_sum = 0, positives = 0;
  for (std::size_t i = 0; i < judged.size();) {
    std::size_t end = i;
    double here = 0;
    for (; end < judged.size() && judged[end].p == judged[i].p; ++end)
      here += judged[end].truth;
    rank_sum += here * (static_cast<double>(i + end + 1) / 2);
    positives += here;
    i = end;
  }
  const double negatives = static_cast<double>(judged.size()) - positives;
  if (positives == 0 || negatives == 0) return 0.5;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

double macro_f1(std::span<const Judged> judged, float threshold) {
  double hit = 0, missed = 0, wrong = 0, right_no = 0;
  for (const Judged& one : judged) {
    const bool said = one.p >= threshold;
    hit += said && one.truth;
    missed += !said && one.truth;
    wrong += said && !one.truth;
    right_no += !said && !one.truth;
  }
  const auto f1 = [&](double right) {
    const double all = 2 * right + missed + wrong;
    return all > 0 ? 2 * right / all : 0.0;
  };
  return (f1(hit) + f1(right_no)) / 2;
}

std::array<Bin, 10> reliability(std::span<const Judged> judged) {
  std::array<Bin, 10> bins{};
  for (const Judged& one : judged) {
    Bin& bin = bins[std::min<std::size_t>(9, static_cast<std::size_t>(one.p * 10))];
    ++bin.count;
    bin.mean += static_cast<double>(one.p);
    bin.share += one.truth;
  }
  for (Bin& bin : bins)
    if (bin.count > 0) {
      bin.mean /= static_cast<double>(bin.count);
      bin.share /= static_cast<double>(bin.count);
    }
  return bins;
}

double calibration_error(std::span<const Judged> judged) {
  double error = 0;
  for (const Bin& bin : reliability(judged))
    error += static_cast<double>(bin.count) * std::abs(bin.mean - bin.share);
  return judged.empty() ? 0 : error / static_cast<double>(judged.size());
}

Platt fit_platt(std::span<const Judged> log_odds) {
  double positives = 0;
  for (const Judged& one : log_odds)
    positives += one.truth;
  const double negatives = static_cast<double>(log_odds.size()) - positives;
  if (positives < 1 || negatives < 1) return {};
  const double high = (positives + 1) / (positives + 2), low = 1 / (negatives + 2);
  const auto loss = [&](const Platt& at) {
    double sum = 0;
    for (const Judged& one : log_odds) {
      const double z = at.a * static_cast<double>(one.p) + at.b, y = one.truth ? high : low;
      // -(y log p + (1 - y) log(1 - p)) without overflow
      sum += std::max(z, 0.0) - y * z + std::log1p(std::exp(-std::abs(z)));
    }
    return sum;
  };
  Platt fit{1, std::log((positives + 1) / (negatives + 1))};
  double now = loss(fit), damping = 1e-3;
  for (int round = 0; round < 100; ++round) {
    double ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0;
    for (const Judged& one : log_odds) {
      const double z = static_cast<double>(one.p);
      const double p = 1 / (1 + std::exp(-(fit.a * z + fit.b)));
      const double d = p - (one.truth ? high : low), w = p * (1 - p);
      ga += d * z;
      gb += d;
      haa += w * z * z;
      hab += w * z;
      hbb += w;
    }
    // Newton's step, shortened (Levenberg) until it descends.
    haa += damping, hbb += damping;
    const double det = haa * hbb - hab * hab;
    const Platt next{fit.a - (hbb * ga - hab * gb) / det, fit.b - (haa * gb - hab * ga) / det};
    const double then = loss(next);
    if (then < now) {
      const bool done = now - then < 1e-9 * now;
      fit = next;
      now = then;
      damping = std::max(damping / 10, 1e-9);
      if (done) break;
    } else {
      damping *= 10;
      if (damping > 1e12) break;
    }
  }
  return fit;
}

PlattPair fit_platt(std::span<const JudgedPair> log_odds) {
  PlattPair fit{1, 1, 0};
  // Gradient descent by coordinates, each with its own Newton step: three numbers and a convex
  // loss.
  for (int round = 0; round < 60; ++round)
    for (int which = 0; which < 3; ++which) {
      double gradient = 0, curvature = 1e-6;
      for (const JudgedPair& one : log_odds) {
        const double z = static_cast<double>(one.z), y = static_cast<double>(one.y);
        const double p = 1 / (1 + std::exp(-(fit.a * z + fit.c * y + fit.b)));
        const double x = which == 0 ? z : which == 1 ? y : 1;
        const double w = static_cast<double>(one.weight);
        gradient += w * (p - one.truth) * x;
        curvature += w * p * (1 - p) * x * x;
      }
      const double step = std::clamp(gradient / curvature, -0.5, 0.5);
      (which == 0 ? fit.a : which == 1 ? fit.c : fit.b) -= step;
    }
  return fit;
}

}  // namespace brandwacht::text::train
