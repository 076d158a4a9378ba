#include "monitor/text/cues.hpp"

#include <array>
#include <cstring>
#include <stdexcept>
#include <string>

#include "monitor/text/tokens.hpp"

extern "C" const char brandwacht_cues_begin[], brandwacht_cues_end[];

namespace brandwacht::text {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint8_t>, 6> kNames = {{
    {"negator", kNegator},
    {"contrast", kContrast},
    {"deletion", kDeletion},
    {"time", kTime},
    {"first-person", kFirstPerson},
    {"they", kThey},
}};

std::uint8_t cue_of(std::string_view name) {
  for (const auto& [known, cue] : kNames)
    if (known == name) return cue;
  throw std::runtime_error("no cue is called '" + std::string(name) + "'");
}

}  // namespace

std::string_view shipped_cues() noexcept {
  return {brandwacht_cues_begin,
          static_cast<std::size_t>(brandwacht_cues_end - brandwacht_cues_begin)};
}

std::unordered_map<std::uint64_t, std::uint8_t> cue_words(std::string_view list) {
  std::unordered_map<std::uint64_t, std::uint8_t> out;
  const auto cut = [](std::string_view& text, char at) {
    const std::size_t end = std::min(text.find(at), text.size());
    const std::string_view first = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return first;
  };
  while (!list.empty()) {
    std::string_view line = cut(list, '\n');
    if (line.empty() || line[0] == '#') continue;
    const std::uint8_t cue = cue_of(cut(line, '\t'));
    while (!line.empty()) {
      const std::string_view word = cut(line, ' ');
      if (word.empty()) continue;
      char folded[kMaxWord + 8];
      const std::size_t size = folded_word(word, folded);
      out[hash_word(folded, size) | 1] |= cue;
    }
  }
  return out;
}

}  // namespace brandwacht::text
