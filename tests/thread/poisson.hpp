// Invented streams for the tests of the brand level: counts and gaps of a Poisson process, the same
// on every machine.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace brandwacht::thread {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  double uniform() {  // (0, 1)
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    x ^= x >> 31;
    return (static_cast<double>(x >> 11) + 0.5) * 0x1.0p-53;
  }
  double exponential() { return -std::log(uniform()); }
  int poisson(double mean) {  // by its gaps: exact, and slow for large means
    int count = 0;
    for (double sum = exponential(); sum < mean; sum += exponential())
      ++count;
    return count;
  }
  // Mean `mean`, variance `dispersion` times that: Poisson with a gamma rate of whole shape.
  int bursty(double mean, double dispersion) {
    const int shape = std::max(1, static_cast<int>(mean / (dispersion - 1) + 0.5));
    double rate = 0;
    for (int i = 0; i < shape; ++i)
      rate += exponential();
    return poisson(mean * rate / shape);
  }

 private:
  std::uint64_t state_;
};

}  // namespace brandwacht::thread
