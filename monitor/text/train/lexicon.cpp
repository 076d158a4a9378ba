#include "monitor/text/train/lexicon.hpp"

#include <charconv>
#include <cmath>

#include "monitor/hash.hpp"
#include "monitor/text/features.hpp"

#define BRANDWACHT_LIST(name) \
  extern "C" const char brandwacht_##name##_begin[], brandwacht_##name##_end[]
BRANDWACHT_LIST(words_nl);
BRANDWACHT_LIST(words_en);
BRANDWACHT_LIST(service_nl);
BRANDWACHT_LIST(service_en);
#undef BRANDWACHT_LIST

namespace brandwacht::text::train {
namespace {

void add(Priors& priors, std::string_view name, const char* begin, const char* end) {
  std::string_view list(begin, static_cast<std::size_t>(end - begin));
  while (!list.empty()) {
    std::string_view line = list.substr(0, list.find('\n'));
    list.remove_prefix(std::min(line.size() + 1, list.size()));
    double polarity = 0;
    const auto [after, error] = std::from_chars(line.data(), line.data() + line.size(), polarity);
    if (line.empty() || line[0] == '#' || error != std::errc{}) continue;
    line.remove_prefix(static_cast<std::size_t>(after - line.data()));
    // Three grades of good and of bad.
    const auto grade = static_cast<std::uint64_t>(std::ceil(std::abs(polarity) * 2.999));
    const std::uint64_t word_class = mix(hash_bytes(name), polarity < 0 ? 100 + grade : grade);
    while (!line.empty()) {
      const std::string_view word = line.substr(0, line.find_first_of(" \t"));
      line.remove_prefix(std::min(word.size() + 1, line.size()));
      char folded[kMaxWord + 8];
      const std::size_t size = folded_word(word, folded);
      if (size > 0) priors.words[hash_word(folded, size) | 1].classes.push_back(word_class);
    }
  }
}

}  // namespace

Priors lexicon_priors() {
  Priors priors;
  add(priors, "words-nl", brandwacht_words_nl_begin, brandwacht_words_nl_end);
  add(priors, "words-en", brandwacht_words_en_begin, brandwacht_words_en_end);
  add(priors, "service-nl", brandwacht_service_nl_begin, brandwacht_service_nl_end);
  add(priors, "service-en", brandwacht_service_en_begin, brandwacht_service_en_end);
  return priors;
}

}  // namespace brandwacht::text::train
