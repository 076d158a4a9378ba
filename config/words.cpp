#include "config/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <vector>

#include "config/reader.hpp"

namespace brandwacht::config {
namespace {

constexpr std::size_t kLongestShown = 60;  // code points
constexpr std::size_t kLongestKey =
    64;  // bytes; no key of ours is near it, and the distance costs its square

std::string folded(std::string_view word) {
  std::string result(word);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-') c = '_';
  }
  return result;
}

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one
// each.
std::size_t distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> cost((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return cost[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i)
    at(i, 0) = i;
  for (std::size_t j = 0; j <= b.size(); ++j)
    at(0, j) = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
      }
    }
  }
  return at(a.size(), b.size());
}

}  // namespace

std::string in_quotes(std::string_view text) {
  std::string result = "'";
  std::size_t shown = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continues = (byte & 0xC0) == 0x80;
    if (!continues && shown++ == kLongestShown) {
      result += "...";
      break;
    }
    if (byte < 0x20 || byte == 0x7F) {
      fmt::format_to(std::back_inserter(result), "\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  result += '\'';
  return result;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kLongestKey) return {};
  const std::string wanted = folded(word);
  const std::string* best = nullptr;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestKey) continue;
    const std::size_t edits = distance(wanted, folded(candidate));
    // One edit per three letters: "tpye" is "type", but "port" is not "path".
    const std::size_t allowed =
        std::max<std::size_t>(1, std::max(wanted.size(), candidate.size()) / 3);
    // All letters replaced is no resemblance, however short the word.
    if (edits > allowed || edits >= std::min(wanted.size(), candidate.size())) continue;
    if (edits < best_distance) {
      best = &candidate;
      best_distance = edits;
    }
  }
  return best == nullptr ? std::string{} : fmt::format("did you mean {}?", in_quotes(*best));
}

}  // namespace brandwacht::config
