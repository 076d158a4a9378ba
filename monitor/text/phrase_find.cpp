// Phrases in a text.
#include <algorithm>
#include <charconv>

#include "monitor/text/fold.hpp"
#include "monitor/text/phrases.hpp"
#include "monitor/text/promise_parts.hpp"

namespace brandwacht::text {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// One letter too many, too few, another, or two swapped.
bool one_slip(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i])
    ++i;
  if (a.size() < b.size()) return a.substr(i) == b.substr(i + 1);
  if (i == a.size()) return false;
  if (a.substr(i + 1) == b.substr(i + 1)) return true;
  return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
         a.substr(i + 2) == b.substr(i + 2);
}

}  // namespace

bool Phrases::is(const Part& part, const Word& word, const std::string& alias) const {
  const auto fits = [](const Part::Choice& choice, std::string_view text) {
    if (choice.prefix) return text.starts_with(choice.text);
    if (choice.suffix) return text.ends_with(choice.text);
    if (text == choice.text) return true;
    // "well get back to you"
    const std::size_t apostrophe = choice.text.find('\'');
    return apostrophe != std::string::npos && text.size() + 1 == choice.text.size() &&
           text.substr(0, apostrophe) == std::string_view(choice.text).substr(0, apostrophe) &&
           text.substr(apostrophe) == std::string_view(choice.text).substr(apostrophe + 1);
  };
  return std::ranges::any_of(part.choices, [&](const Part::Choice& choice) {
    return fits(choice, word.text) || (!word.single.empty() && fits(choice, word.single)) ||
           (!alias.empty() && fits(choice, alias));
  });
}

double Phrases::number(const Word& word) const {
  if (is_ascii_digit(word.text[0])) {
    int value = 0;
    const auto [end, error] =
        std::from_chars(word.text.data(), word.text.data() + word.text.size(), value);
    return error == std::errc{} && value < 10000 ? value : -1;
  }
  const auto found = numbers_.find(word.text);
  return found == numbers_.end() ? -1 : found->second;
}

// Tries one phrase from one word on.
struct Phrases::Cursor {
  const Phrases& phrases;
  const Words& words;
  const std::vector<std::string>& alias;
  const Pattern& pattern;
  std::vector<std::size_t> captured{};

  bool there(std::size_t at, std::size_t before) const {
    return at < words.list.size() &&
           (before == kNone || words.list[at].sentence == words.list[before].sentence);
  }

  // The end of the match of pattern[part..] at word `at`, or kNone. `last`: the word before.
  std::size_t match(std::size_t part, std::size_t at, std::size_t last) {
    if (part == pattern.size()) return at;
    const Part& one = pattern[part];
    switch (one.kind) {
      case Part::gap:
        return gap(part, at, last);
      case Part::question:
        return words.question[words.list[last].sentence] ? match(part + 1, at, last) : kNone;
      case Part::number:
        if (!there(at, last) || phrases.number(words.list[at]) < 0) return kNone;
        return capture(part, at, at + 1);
      case Part::clock:
      case Part::date: {
        if (!there(at, last)) return kNone;
        const std::size_t end =
            one.kind == Part::clock ? clock_at(words, at).end : date_at(words, at).end;
        return end == at ? kNone : capture(part, at, end);
      }
      case Part::word:
        break;
    }
    if (const std::size_t end = word(part, at, last); end != kNone) return end;
    return one.optional ? match(part + 1, at, last) : kNone;
  }

  std::size_t capture(std::size_t part, std::size_t at, std::size_t end) {
    captured.push_back(at);
    const std::size_t found = match(part + 1, end, end - 1);
    if (found == kNone) captured.pop_back();
    return found;
  }

  std::size_t gap(std::size_t part, std::size_t at, std::size_t last) {
    for (std::size_t skipped = 0; skipped <= pattern[part].most; ++skipped) {
      if (const std::size_t end = match(part + 1, at + skipped, last); end != kNone) return end;
      if (!there(at + skipped, last)) return kNone;
      last = at + skipped;
    }
    return kNone;
  }

  std::size_t word(std::size_t part, std::size_t at, std::size_t last) {
    if (!there(at, last)) return kNone;
    const Part& one = pattern[part];
    const Word& here = words.list[at];
    if (phrases.is(one, here, alias[at]))
      if (const std::size_t end = match(part + 1, at + 1, at); end != kNone) return end;
    constexpr std::size_t kJoined = 5;
    // "excu ses"
    if (there(at + 1, at) && here.text.size() + words.list[at + 1].text.size() >= kJoined) {
      const std::string both = here.text + words.list[at + 1].text;
      for (const auto& choice : one.choices)
        if (!choice.prefix && !choice.suffix && both == choice.text)
          if (const std::size_t end = match(part + 1, at + 2, at + 1); end != kNone) return end;
    }
    // "geencommentaar", but not "dagen" for "dag en"
    constexpr std::size_t kHalf = 3, kWhole = 7;
    if (here.text.size() < kWhole || part + 1 >= pattern.size() ||
        pattern[part + 1].kind != Part::word)
      return kNone;
    for (const auto& first : one.choices)
      for (const auto& second : pattern[part + 1].choices)
        if (!first.prefix && !first.suffix && !second.prefix && !second.suffix &&
            std::min(first.text.size(), second.text.size()) >= kHalf &&
            here.text.size() == first.text.size() + second.text.size() &&
            here.text.starts_with(first.text) && here.text.ends_with(second.text))
          if (const std::size_t end = match(part + 2, at + 1, at); end != kNone) return end;
    return kNone;
  }
};

// For each word the word of the lists that it is a slip of; empty: it is none.
std::vector<std::string> Phrases::slips(const Words& words) const {
  std::vector<std::string> out(words.list.size());
  for (std::size_t i = 0; i < words.list.size(); ++i) {
    const std::string& text = words.list[i].text;
    if (text.size() + 1 < kLongWord || vocabulary_.contains(text)) continue;
    if (const auto near = long_words_.find(text[0]); near != long_words_.end())
      for (const std::string& word : near->second)
        if (one_slip(text, word)) out[i] = word;
  }
  return out;
}

std::vector<Phrases::Match> Phrases::find_all(const Words& words, std::string_view only) const {
  const std::vector<std::string> alias = slips(words);
  std::vector<Match> out;
  for (std::size_t i = 0; i < words.list.size(); ++i) {
    const Word& word = words.list[i];
    std::vector<std::size_t> candidates = everywhere_;
    const auto add = [&](const auto& map, const auto& key) {
      if (const auto list = map.find(key); list != map.end())
        candidates.insert(candidates.end(), list->second.begin(), list->second.end());
    };
    add(by_letter_, word.text[0]);
    add(by_word_, word.text);
    if (!word.single.empty()) add(by_word_, word.single);
    if (!alias[i].empty()) add(by_word_, alias[i]);
    if (i + 1 < words.list.size()) add(by_word_, word.text + words.list[i + 1].text);
    std::ranges::sort(candidates);
    const auto rest = std::ranges::unique(candidates);
    candidates.erase(rest.begin(), rest.end());
    for (const std::size_t entry : candidates) {
      if (!only.empty() && entries_[entry].section != only) continue;
      Cursor cursor{*this, words, alias, patterns_[entry]};
      const std::size_t end = cursor.match(0, i, kNone);
      if (end != kNone && end > i) out.push_back({entry, i, end, std::move(cursor.captured)});
    }
  }
  std::ranges::stable_sort(out, [](const Match& a, const Match& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  return out;
}

std::vector<Phrases::Match> Phrases::find(const Words& words, std::string_view only) const {
  return kept(find_all(words, only));
}

std::vector<Phrases::Match> Phrases::kept(const std::vector<Match>& all) const {
  std::vector<Match> out;
  for (const Match& match : all) {
    const Entry& entry = entries_[match.entry];
    const auto takes_away = [&](const Match& other) {
      const Entry& exception = entries_[other.entry];
      return exception.exception && exception.section == entry.section && other.begin < match.end &&
             match.begin < other.end;
    };
    if (!entry.exception && std::ranges::none_of(all, takes_away)) out.push_back(match);
  }
  return out;
}

}  // namespace brandwacht::text
