// Phrase lists (config/phrases) and how they are found in a text: by words, in any case, accents
// and spacing, with elongations and one slip in a long word forgiven. Internal to the text folder.
//
//   [section]            what the phrases below it mean
//   sorry|excuses voor   words in a row; | is "or", a trailing ? leaves one out ("we|wij? komen")
//   begrijp* *nummer     begins or ends so
//   we .. terug          a gap of up to three words; ... of up to eight. Never over a sentence's
//   end opgelost ?           the sentence is a question <n> uur = hours      a number in digits or
//   words, <clock> a time of day, <date> a day and month;
//                        behind " = " stands a value for the code
//   !geen excuses        not where this stands: takes away what it overlaps in its section
//   [words]  we = we|wij names for use as $we
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace brandwacht::text {

struct Word {
  std::string text;                // folded; letters that stand three times and more in a row twice
  std::string single;              // the same with them once; empty: none do
  std::size_t begin = 0, end = 0;  // bytes
  std::size_t sentence = 0;
  char glue = ' ';           // what joins it to the word before: '\0' nothing, ':' in "17:00"
  bool ends_clause = false;  // a comma, a full stop, a line end behind it
};

struct Words {
  std::vector<Word> list;
  std::vector<bool> question;  // of each sentence
};
// Runs of letters and runs of digits are words, and so is each emoji.
Words words_of(std::string_view text);

class Phrases {
 public:
  // Throws std::runtime_error with the line on what cannot be read.
  explicit Phrases(std::string_view file);

  struct Match {
    std::size_t entry = 0;
    std::size_t begin = 0, end = 0;     // words
    std::vector<std::size_t> captured;  // the word at which each <...> began
  };
  // Every phrase where it stands, without what exceptions take away; by begin, longer ones first.
  // `only`: of one section; empty: of all.
  std::vector<Match> find(const Words& words, std::string_view only = {}) const;
  // As it stands in the file, exceptions among them.
  std::vector<Match> find_all(const Words& words, std::string_view only = {}) const;
  // Those without the exceptions and what they take away.
  std::vector<Match> kept(const std::vector<Match>& all) const;

  struct Entry {
    std::string section, source, value;
    bool exception = false;
    std::size_t line = 0;
    // A text that says it; and all that it stands for, for a look at duplicates.
    std::string example;
    std::vector<std::string> spelled;
  };
  const std::vector<Entry>& entries() const noexcept { return entries_; }
  // -1: no number. Digits, or a word of the section [numbers].
  double number(const Word& word) const;

 private:
  static constexpr std::size_t kLongWord = 8;  // from here on one slip is forgiven

  struct Part {
    enum Kind : std::uint8_t { word, gap, question, number, clock, date };
    struct Choice {
      std::string text;
      bool prefix = false, suffix = false;
    };
    Kind kind = word;
    bool optional = false;
    std::size_t most = 0;  // words of a gap
    std::vector<Choice> choices;
  };
  using Pattern = std::vector<Part>;
  struct Cursor;
  std::vector<std::string> slips(const Words& words) const;

  void read_line(std::string_view line, std::size_t number, std::string& section);
  Part read_part(std::string_view written) const;
  void index(std::size_t entry);
  void index_choice(std::size_t entry, const Part::Choice& choice);
  bool is(const Part& part, const Word& word, const std::string& alias) const;

  std::vector<Entry> entries_;
  std::vector<Pattern> patterns_;
  std::unordered_map<std::string, std::string> names_;
  std::unordered_map<std::string, double> numbers_;
  // Where to look: by the first word (or the first two written as one), or the first letter of
  // what it begins with.
  std::unordered_map<std::string, std::vector<std::size_t>> by_word_;
  std::unordered_map<char, std::vector<std::size_t>> by_letter_;
  std::vector<std::size_t> everywhere_;  // may begin with anything
  std::unordered_set<std::string> vocabulary_;
  std::unordered_map<char, std::vector<std::string>> long_words_;  // by first letter
};

// The lists of config/phrases.
struct PhraseLists {
  Phrases replies_nl, replies_en, times_nl, times_en;
  static const PhraseLists& shipped();  // that the program carries
};

}  // namespace brandwacht::text
