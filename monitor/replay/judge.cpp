#include "monitor/replay/judge.hpp"

#include <algorithm>
#include <cmath>

namespace brandwacht::replay {
namespace {

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::vector<Judged> by_probability(std::span<const Judged> all) {
  std::vector<Judged> sorted(all.begin(), all.end());
  std::ranges::stable_sort(sorted, {}, &Judged::p);
  return sorted;
}

}  // namespace

double area_under_curve(std::span<const Judged> all) {
  const auto sorted = by_probability(all);
  double below = 0, won = 0, yes = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    double ties_yes = 0, ties_no = 0;
    const double p = sorted[i].p;
    for (; i < sorted.size() && sorted[i].p == p; ++i)
      ++(sorted[i].yes ? ties_yes : ties_no);
    won += ties_yes * (below + ties_no / 2);
    below += ties_no;
    yes += ties_yes;
  }
  return yes > 0 && below > 0 ? won / (yes * below) : 0.5;
}

double brier_score(std::span<const Judged> all) {
  double sum = 0;
  for (const auto& [p, yes] : all)
    sum += (p - (yes ? 1 : 0)) * (p - (yes ? 1 : 0));
  return all.empty() ? 0 : sum / static_cast<double>(all.size());
}

double Decile::chance() const {
  return count == 0 ? 0 : std::sqrt(said * (1 - said) / static_cast<double>(count));
}

std::vector<Decile> deciles(std::span<const Judged> all) {
  const auto sorted = by_probability(all);
  std::vector<Decile> out(10);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    Decile& decile = out[i * 10 / sorted.size()];
    decile.said += sorted[i].p;
    decile.happened += sorted[i].yes ? 1 : 0;
    ++decile.count;
  }
  for (Decile& decile : out)
    if (decile.count > 0) {
      decile.said /= static_cast<double>(decile.count);
      decile.happened /= static_cast<double>(decile.count);
    }
  return out;
}

double worst_gap(std::span<const Judged> all) {
  double worst = 0;
  for (const Decile& decile : deciles(all))
    worst = std::max(worst, decile.gap());
  return worst;
}

double paired_error(std::span<const Judged> a, std::span<const Judged> b) {
  constexpr int kDraws = 200;
  std::vector<Judged> drawn_a(a.size()), drawn_b(a.size());
  double sum = 0, squares = 0;
  std::uint64_t state = 1;
  for (int draw = 0; draw < kDraws; ++draw) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::size_t at = mixed(state++) % a.size();
      drawn_a[i] = a[at];
      drawn_b[i] = b[at];
    }
    const double difference = area_under_curve(drawn_a) - area_under_curve(drawn_b);
    sum += difference;
    squares += difference * difference;
  }
  const double mean = sum / kDraws;
  return std::sqrt(std::max(0.0, squares / kDraws - mean * mean));
}

std::size_t fold_of(std::uint64_t thread, std::size_t folds, std::uint64_t shuffle) {
  return static_cast<std::size_t>(mixed(thread ^ mixed(shuffle)) % folds);
}

}  // namespace brandwacht::replay
