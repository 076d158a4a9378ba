// Phrases in a text, by kind. They are data (data/phrases.tsv): "kind<TAB>phrase", one a line.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brandwacht::desk {

// Words in lower case without accents, with one space around each: " geen commentaar ". "Can't" is
// " cant ".
std::string plain_words(std::string_view text);

class Phrases {
 public:
  // Throws std::runtime_error, with its line, for one that is not of that form.
  explicit Phrases(std::string_view list);

  // Does `words` (of plain_words) hold one of this kind, as whole words?
  bool holds(std::string_view kind, std::string_view words) const;
  std::size_t count(std::string_view kind) const;

 private:
  std::vector<std::pair<std::string, std::string>> list_;
};

const Phrases& shipped_phrases();

}  // namespace brandwacht::desk
