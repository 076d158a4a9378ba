#include "monitor/text/phrases.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

#include "monitor/text/fold.hpp"
#include "monitor/text/promise_parts.hpp"

extern "C" const char brandwacht_phrases_nl_begin[], brandwacht_phrases_nl_end[],
    brandwacht_phrases_en_begin[], brandwacht_phrases_en_end[], brandwacht_times_nl_begin[],
    brandwacht_times_nl_end[], brandwacht_times_en_begin[], brandwacht_times_en_end[];

namespace brandwacht::text {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::size_t kLongWord = 8;  // from here on one slip is forgiven

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

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

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back()))
    text.remove_suffix(1);
  return text;
}

}  // namespace

Phrases::Phrases(std::string_view file) {
  std::string section;
  std::size_t number = 0;
  while (!file.empty()) {
    const std::size_t end = std::min(file.find('\n'), file.size());
    ++number;
    const std::string_view line = trimmed(file.substr(0, end));
    if (!line.empty() && line[0] != '#') try {
        read_line(line, number, section);
      } catch (const std::runtime_error& error) {
        throw std::runtime_error("line " + std::to_string(number) + ": " + error.what());
      }
    file.remove_prefix(std::min(end + 1, file.size()));
  }
  for (const std::string& word : vocabulary_)
    if (word.size() >= kLongWord) long_words_[word[0]].push_back(word);
}

void Phrases::read_line(std::string_view line, std::size_t number, std::string& section) {
  if (line[0] == '[') {
    if (line.back() != ']') throw std::runtime_error("a section ends with ]");
    section = line.substr(1, line.size() - 2);
    return;
  }
  const std::size_t equals = line.find(" = ");
  const std::string_view left = trimmed(line.substr(0, equals));
  const std::string_view right =
      equals == std::string_view::npos ? "" : trimmed(line.substr(equals + 3));
  if (section.empty()) throw std::runtime_error("stands in no section");
  if (section == "words") {
    names_["$" + std::string(left)] = right;
    return;
  }
  if (section == "numbers") {
    for (const std::string_view word : split(right, '|'))
      numbers_[fold(word)] = std::strtod(std::string(left).c_str(), nullptr);
    return;
  }
  Entry entry{section, std::string(line), std::string(right), line[0] == '!', number, {}, {""}};
  Pattern pattern;
  for (const std::string_view written : split(left.substr(entry.exception ? 1 : 0), ' '))
    pattern.push_back(read_part(written));
  if (pattern.empty() || pattern[0].optional || pattern[0].kind == Part::gap ||
      pattern[0].kind == Part::question)
    throw std::runtime_error("a phrase begins with a word");
  entries_.push_back(std::move(entry));
  patterns_.push_back(std::move(pattern));
  index(entries_.size() - 1);
}

Phrases::Part Phrases::read_part(std::string_view written) const {
  Part part;
  if (written == "..") return {Part::gap, false, 3, {}};
  if (written == "...") return {Part::gap, false, 8, {}};
  if (written == "?") return {Part::question, false, 0, {}};
  if (written == "<n>") return {Part::number, false, 0, {}};
  if (written == "<clock>") return {Part::clock, false, 0, {}};
  if (written == "<date>") return {Part::date, false, 0, {}};
  if (written.ends_with('?')) {
    part.optional = true;
    written.remove_suffix(1);
  }
  const auto add = [&](std::string_view choice) {
    Part::Choice out;
    if (choice.ends_with('*')) {
      out.prefix = true;
      choice.remove_suffix(1);
    } else if (choice.starts_with('*')) {
      out.suffix = true;
      choice.remove_prefix(1);
    }
    out.text = fold(choice);
    std::erase(out.text, '-');  // "e-mail" and "e mail" are both read as "email"
    if (out.text.empty()) throw std::runtime_error("an empty word");
    part.choices.push_back(std::move(out));
  };
  for (const std::string_view choice : split(written, '|')) {
    if (choice[0] != '$') {
      add(choice);
      continue;
    }
    const auto name = names_.find(std::string(choice));
    if (name == names_.end())
      throw std::runtime_error("no [words] are called " + std::string(choice));
    for (const std::string_view one : split(name->second, '|'))
      add(one);
  }
  return part;
}

void Phrases::index_choice(std::size_t at, const Part::Choice& choice) {
  const auto put = [&](std::vector<std::size_t>& list) {
    if (list.empty() || list.back() != at) list.push_back(at);
  };
  if (choice.suffix) return put(everywhere_);
  if (choice.prefix) return put(by_letter_[choice.text[0]]);
  put(by_word_[choice.text]);
  if (const std::size_t apostrophe = choice.text.find('\''); apostrophe != std::string::npos) {
    std::string without = choice.text;
    put(by_word_[without.erase(apostrophe, 1)]);
  }
  // "geencommentaar"
  if (const Pattern& pattern = patterns_[at]; pattern.size() > 1 && pattern[1].kind == Part::word)
    for (const Part::Choice& second : pattern[1].choices)
      if (!second.prefix && !second.suffix) put(by_word_[choice.text + second.text]);
}

// Where to look for it, what it sounds like, and the words that a slip may be of.
void Phrases::index(std::size_t at) {
  Entry& entry = entries_[at];
  const Pattern& pattern = patterns_[at];
  if (pattern[0].kind != Part::word) everywhere_.push_back(at);
  for (const Part::Choice& choice : pattern[0].choices)
    index_choice(at, choice);
  constexpr std::size_t kMostSpelled = 4096;
  for (const Part& part : pattern) {
    const char* shown = part.kind == Part::number     ? "2"
                        : part.kind == Part::clock    ? "17:00"
                        : part.kind == Part::date     ? "3/12"
                        : part.kind == Part::gap      ? part.most > 3 ? "..." : ".."
                        : part.kind == Part::question ? "?"
                                                      : "";
    std::vector<std::string> ways(1, shown);
    if (part.kind == Part::word) ways.clear();
    for (const auto& choice : part.choices) {
      ways.push_back((choice.suffix ? "*" : "") + choice.text + (choice.prefix ? "*" : ""));
      if (!choice.prefix && !choice.suffix) vocabulary_.insert(choice.text);
    }
    if (!part.optional && part.kind != Part::gap)
      entry.example += (entry.example.empty() || part.kind == Part::question ? "" : " ") +
                       (part.kind == Part::word ? part.choices[0].text : ways[0]);
    if (part.optional) ways.emplace_back();
    std::vector<std::string> spelled;
    for (const std::string& before : entry.spelled)
      for (const std::string& way : ways)
        if (spelled.size() < kMostSpelled)
          spelled.push_back(way.empty() ? before : before + (before.empty() ? "" : " ") + way);
    entry.spelled = std::move(spelled);
  }
}

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
  std::vector<Match> all = find_all(words, only), out;
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

const PhraseLists& PhraseLists::shipped() {
  const auto between = [](const char* begin, const char* end) {
    return Phrases({begin, static_cast<std::size_t>(end - begin)});
  };
  static const PhraseLists lists{between(brandwacht_phrases_nl_begin, brandwacht_phrases_nl_end),
                                 between(brandwacht_phrases_en_begin, brandwacht_phrases_en_end),
                                 between(brandwacht_times_nl_begin, brandwacht_times_nl_end),
                                 between(brandwacht_times_en_begin, brandwacht_times_en_end)};
  return lists;
}

}  // namespace brandwacht::text
