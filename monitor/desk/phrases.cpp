#include "monitor/desk/phrases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "monitor/text/fold.hpp"

extern "C" const char brandwacht_desk_phrases_begin[], brandwacht_desk_phrases_end[];

namespace brandwacht::desk {

std::string plain_words(std::string_view text) {
  const std::string folded = text::fold(text);
  std::string out = " ";
  std::string_view rest = folded;
  while (!rest.empty()) {
    std::size_t size = 1;
    const char32_t point = text::decode_utf8(rest, size);
    if (text::is_word(point))
      out += rest.substr(0, size);
    else if (point != U'\'' && out.back() != ' ')  // "can't" is "cant"
      out += ' ';
    rest.remove_prefix(size);
  }
  if (out.back() != ' ') out += ' ';
  return out;
}

Phrases::Phrases(std::string_view list) {
  for (std::size_t line = 1; !list.empty(); ++line) {
    const std::size_t end = std::min(list.find('\n'), list.size());
    const std::string_view text = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (text.empty() || text[0] == '#') continue;
    const std::size_t tab = text.find('\t');
    std::string words = tab == std::string_view::npos ? "" : plain_words(text.substr(tab + 1));
    if (words.size() < 3)
      throw std::runtime_error(fmt::format("phrases, line {}: expected a kind and a phrase", line));
    list_.emplace_back(text.substr(0, tab), std::move(words));
  }
}

bool Phrases::holds(std::string_view kind, std::string_view words) const {
  return std::ranges::any_of(list_, [&](const auto& phrase) {
    return phrase.first == kind && words.find(phrase.second) != std::string_view::npos;
  });
}

std::size_t Phrases::count(std::string_view kind) const {
  return static_cast<std::size_t>(std::ranges::count(
      list_, kind, [](const auto& phrase) { return std::string_view(phrase.first); }));
}

const Phrases& shipped_phrases() {
  static const Phrases phrases(
      {brandwacht_desk_phrases_begin,
       static_cast<std::size_t>(brandwacht_desk_phrases_end - brandwacht_desk_phrases_begin)});
  return phrases;
}

}  // namespace brandwacht::desk
