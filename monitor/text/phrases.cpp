#include "monitor/text/phrases.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "monitor/text/fold.hpp"

extern "C" const char brandwacht_phrases_nl_begin[], brandwacht_phrases_nl_end[],
    brandwacht_phrases_en_begin[], brandwacht_phrases_en_end[], brandwacht_times_nl_begin[],
    brandwacht_times_nl_end[], brandwacht_times_en_begin[], brandwacht_times_en_end[];

namespace brandwacht::text {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
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
