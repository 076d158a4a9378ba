// Digits as people type them: in groups, with spaces, dots, dashes, slashes and brackets between.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace brandwacht::text {

// Bytes of the separators (at most three) between two groups of digits at `at`; 0: none.
std::size_t separators(std::string_view text, std::size_t at);

// At most kMax digits from a position on, with the places at which a number could end.
struct Digits {
  static constexpr std::size_t kMax = 20;
  std::array<char, kMax> value{};
  std::array<std::size_t, kMax> end{};     // byte behind digit i
  std::array<std::uint8_t, kMax> group{};  // which group digit i is in
  std::array<std::uint8_t, kMax> group_size{};
  std::array<char, kMax> before_group{};  // first byte of the separator before group i
  std::size_t count = 0;
  bool plus = false;  // begins with '+'

  std::string_view first(std::size_t n) const { return {value.data(), n}; }
  std::string groups(std::size_t n) const;  // sizes of the groups of the first n: "333"
};

Digits read_digits(std::string_view text, std::size_t at);

}  // namespace brandwacht::text
