// Random numbers that are the same on every compiler and C library: own generator, own logarithm,
// own distributions, nothing of <random> or <cmath>.
#pragma once
#include <array>
#include <bit>
#include <cstdint>

namespace brandwacht::bench {

constexpr std::uint64_t mix(std::uint64_t x) noexcept {  // splitmix64's finaliser: a bijection
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// ln x of a positive normal number, to 1e-13.
constexpr double natural_log(double x) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<std::int64_t>(bits >> 52) - 1023;
  double part =
      std::bit_cast<double>((bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL);  // [1, 2)
  if (part > 1.4142135623730951) {
    part /= 2;
    ++exponent;
  }
  const double s = (part - 1) / (part + 1), q = s * s;
  double sum = 0;
  for (int odd = 17; odd > 0; odd -= 2)
    sum = sum * q + 1.0 / odd;
  return 2 * s * sum + static_cast<double>(exponent) * 0.6931471805599453;
}

// e^x; 0 below -700.
constexpr double natural_exp(double x) noexcept {
  if (x < -700) return 0;
  const double turns = x * 1.4426950408889634;
  const auto whole = static_cast<std::int64_t>(turns + (turns < 0 ? -0.5 : 0.5));
  const double rest = x - static_cast<double>(whole) * 0.6931471805599453;
  double sum = 1;
  for (int n = 12; n > 0; --n)
    sum = 1 + sum * rest / n;
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(whole + 1023) << 52);
}

// xoshiro256++ (Blackman and Vigna 2019).
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept {
    for (auto& word : state_)
      word = mix(seed += 0x9e3779b97f4a7c15ULL);
  }

  std::uint64_t next() noexcept {
    const std::uint64_t out = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t moved = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= moved;
    state_[3] = std::rotl(state_[3], 45);
    return out;
  }
  // In (0, 1).
  double uniform() noexcept { return (static_cast<double>(next() >> 12) + 0.5) * 0x1p-52; }
  double between(double low, double high) noexcept { return low + (high - low) * uniform(); }
  bool chance(double p) noexcept { return uniform() < p; }
  std::uint32_t below(std::uint32_t n) noexcept {
    return static_cast<std::uint32_t>((next() >> 32) * n >> 32);
  }
  double exponential() noexcept { return -natural_log(uniform()); }  // mean 1
  // At least 1, tail exponent `alpha`, no more than `most`.
  double pareto(double alpha, double most) noexcept {
    const double x = natural_exp(exponential() / alpha);
    return x < most ? x : most;
  }
  std::uint32_t poisson(double mean) noexcept {
    std::uint32_t count = 0;
    for (double left = mean - exponential(); left > 0; left -= exponential())
      ++count;
    return count;
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace brandwacht::bench
