#include "monitor/text/lexicon.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "monitor/text/fold.hpp"

extern "C" {
extern const char brandwacht_words_nl_begin[], brandwacht_words_nl_end[];
extern const char brandwacht_words_en_begin[], brandwacht_words_en_end[];
extern const char brandwacht_service_nl_begin[], brandwacht_service_nl_end[];
extern const char brandwacht_service_en_begin[], brandwacht_service_en_end[];
extern const char brandwacht_phrases_begin[], brandwacht_phrases_end[];
extern const char brandwacht_emoji_begin[], brandwacht_emoji_end[];
extern const char brandwacht_roles_begin[], brandwacht_roles_end[];
}

namespace brandwacht::text {
namespace {

constexpr std::size_t kMaxWord = 64;

// Takes the part up to `separator` off the front of `rest`.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

// Calls each(first column, rest) for every line that is no comment.
template <class Each>
void for_lines(std::string_view list, Each each) {
  while (!list.empty()) {
    std::string_view line = take(list, '\n');
    if (line.empty() || line.front() == '#') continue;
    const std::string_view first = take(line, '\t');
    each(first, line);
  }
}

template <class Each>
void for_words(std::string_view line, Each each) {
  while (!line.empty())
    if (const std::string_view word = take(line, ' '); !word.empty()) each(word);
}

int hundredths(std::string_view number) {  // "-0.5", "1": the lists have at most two decimals
  bool negative = false, fraction = false;
  int value = 0, scale = 100;
  for (const char c : number) {
    if (c == '-') negative = true;
    if (c == '.') fraction = true;
    if (!is_ascii_digit(c)) continue;
    value = value * 10 + (c - '0');
    if (fraction) scale /= 10;
  }
  return (negative ? -value : value) * scale;
}

// A folded copy with the eight readable bytes that hash_word() wants.
struct FoldedWord {
  explicit FoldedWord(std::string_view word) noexcept {
    size = fold(word.substr(0, kMaxWord), bytes);
    if (size > 2 && view().ends_with("'s")) {  // the tokens of a text drop it too
      bytes[size - 1] = bytes[size - 2] = '\0';
      size -= 2;
    }
  }
  std::string_view view() const noexcept { return {bytes, size}; }
  char bytes[kMaxWord + 8] = {};
  std::size_t size = 0;
};

constexpr std::pair<std::string_view, std::uint32_t> kRoles[] = {
    {"nl", kNl},
    {"en", kEn},
    {"other", kOther},
    {"negator", kNegator},
    {"booster", kBooster},
    {"damper", kDamper},
    {"verb", kVerb},
    {"swear", kSwear},
    {"break", kBreak},
    {"number", kNumber},
    {"ordinal", kOrdinal},
    {"period", kPeriod},
    {"thing", kThing},
    {"not-loan", kNotLoan},
    {"first-person", kFirstPerson},
    {"second-person", kSecondPerson},
};

std::uint32_t first_three(const char* word) noexcept {
  std::uint32_t key = 0;
  std::memcpy(&key, word, 3);
  return key;
}

std::uint32_t last_four(const char* word, std::size_t size) noexcept {
  std::uint32_t key;
  std::memcpy(&key, word + size - 4, 4);
  return key;
}

std::size_t affix_slot(std::uint32_t key) noexcept {
  return (key * 0x9E3779B1U) >> 26;
}

// Runs of `least` and more of a letter become `keep` letters. Returns the new size; zeros fill the
// rest.
std::size_t shorten_runs(char* word, std::size_t size, std::size_t least,
                         std::size_t keep) noexcept {
  std::size_t out = 0;
  for (std::size_t i = 0; i < size;) {
    std::size_t end = i;
    while (end < size && word[end] == word[i])
      ++end;
    const char letter = word[i];
    for (std::size_t n = end - i >= least ? keep : end - i; n > 0; --n)
      word[out++] = letter;
    i = end;
  }
  std::memset(word + out, 0, size - out);
  return out;
}

bool has_run_of_three(const char* word, std::size_t size) noexcept {
  for (std::size_t i = 2; i < size; ++i)
    if (word[i] == word[i - 1] && word[i] == word[i - 2]) return true;
  return false;
}

}  // namespace

const Lexicon& Lexicon::get() noexcept {
  static const Lexicon lexicon;  // 400 KiB of static storage, filled in about two milliseconds
  return lexicon;
}

Lexicon::Lexicon() noexcept {
  add_roles({brandwacht_roles_begin, brandwacht_roles_end});
  add_polarities({brandwacht_words_nl_begin, brandwacht_words_nl_end}, true, 0);
  add_polarities({brandwacht_words_en_begin, brandwacht_words_en_end}, false, 0);
  add_polarities({brandwacht_service_nl_begin, brandwacht_service_nl_end}, true, kServiceNl);
  add_polarities({brandwacht_service_en_begin, brandwacht_service_en_end}, false, kServiceEn);
  add_emoji({brandwacht_emoji_begin, brandwacht_emoji_end});
  add_phrases({brandwacht_phrases_begin, brandwacht_phrases_end});
  number_ = &word("#");
  ordinal_ = &word("@");
  period_ = &word("~");
  insult_.nl = -90;
  compound_.nl = -70;
  insult_.flags = compound_.flags = kServiceNl | kLexical | kNl | kActs;
  finish();
}

// Works out what follows from a word's own flags, so that the hot path need not.
void Lexicon::finish() noexcept {
  constexpr std::uint32_t kRolesInClause =
      kNegator | kBooster | kDamper | kVerb | kSwear | kBreak | kEmoji;
  for (Word& entry : words_) {
    if (entry.nl != 0 || entry.en != 0 || (entry.flags & kRolesInClause) != 0) entry.flags |= kActs;
    if ((entry.flags & kEmoji) != 0) continue;
    if (entry.nl != 0 && entry.en == 0) entry.flags |= kOnlyNl;
    if (entry.en != 0 && entry.nl == 0 && (entry.flags & kNotLoan) == 0) entry.flags |= kOnlyEn;
  }
}

Word& Lexicon::word(std::string_view folded) noexcept {
  const FoldedWord copy(folded);
  const std::uint64_t hash = hash_word(copy.bytes, copy.size);
  const auto tag = static_cast<std::uint32_t>(hash >> 32) | 1U;
  std::size_t i = hash & (kSlots - 1);
  while (words_[i].tag != 0 && words_[i].tag != tag)
    i = (i + 1) & (kSlots - 1);
  if (words_[i].tag == 0) {
    words_[i].tag = tag;
    if (++word_count_ > kSlots * 3 / 4)
      std::abort();  // the lists outgrew the table: kSlots must grow
  }
  return words_[i];
}

void Lexicon::add_polarities(std::string_view list, bool dutch, std::uint32_t flag) noexcept {
  for_lines(list, [&](std::string_view polarity, std::string_view line) {
    const auto value = static_cast<std::int8_t>(std::clamp(hundredths(polarity), -100, 100));
    for_words(line, [&](std::string_view text) {
      Word& entry = word(text);
      (dutch ? entry.nl : entry.en) = value;  // a later list overrules an earlier one
      entry.flags |= flag | kLexical;
    });
  });
}

void Lexicon::add_roles(std::string_view list) noexcept {
  for_lines(list, [&](std::string_view role, std::string_view line) {
    for_words(line, [&](std::string_view text) {
      if (role == "insult-prefix") return add_affix(prefixes_, first_three(text.data()), text);
      if (role == "bad-suffix")
        return add_affix(suffixes_, last_four(text.data(), text.size()), text);
      for (const auto& [name, flag] : kRoles)
        if (role == name) word(text).flags |= flag;
    });
  });
}

void Lexicon::add_affix(std::array<Affix, kAffixes>& table, std::uint32_t key,
                        std::string_view text) noexcept {
  std::size_t i = affix_slot(key);
  while (!table[i].text.empty())
    i = (i + 1) % kAffixes;
  table[i] = {key, text};
}

void Lexicon::add_emoji(std::string_view list) noexcept {
  for_lines(list, [&](std::string_view polarity, std::string_view line) {
    for_words(line, [&](std::string_view text) {
      Word& entry = word(text);
      entry.nl = entry.en = static_cast<std::int8_t>(hundredths(polarity));
      entry.flags |= kEmoji;
    });
  });
}

std::uint16_t Lexicon::phrase_id(Word& entry) noexcept {
  if (entry.phrase_id == 0) entry.phrase_id = next_phrase_id_++;
  return entry.phrase_id;
}

std::uint16_t Lexicon::add_edge(std::uint16_t state, std::uint16_t id) noexcept {
  const std::uint32_t key = std::uint32_t{state} << 16 | id;
  std::size_t i = slot_of(key);
  while (edges_[i].key != 0)
    i = (i + 1) & (kEdges - 1);
  if (next_node_ == kNodes) std::abort();  // the list outgrew the table: kNodes must grow
  edges_[i] = {key, next_node_};
  return next_node_++;
}

void Lexicon::add_phrases(std::string_view list) noexcept {
  for_lines(list, [&](std::string_view kind, std::string_view line) {
    const auto strength = static_cast<std::uint8_t>(hundredths(take(line, '\t')));
    std::uint16_t state = 0;
    for_words(line, [&](std::string_view text) {
      Word& entry = word(text);
      const std::uint16_t id = phrase_id(entry);
      if (state == 0 && entry.opens == 0) entry.opens = next_node_++;
      if (state == 0) {
        state = entry.opens;
        return;
      }
      const std::uint16_t target = next(state, id);
      state = target != 0 ? target : add_edge(state, id);
    });
    nodes_[state] = {kind == "complaint" ? PhraseKind::complaint
                     : kind == "joiner"  ? PhraseKind::joiner
                     : kind == "praise"  ? PhraseKind::praise
                                         : PhraseKind::neutral,
                     strength};
    ++phrase_count_;
  });
}

const Word* Lexicon::find_folded(std::string_view folded) const noexcept {
  const FoldedWord copy(folded);
  return find(hash_word(copy.bytes, copy.size));
}

const Word* Lexicon::guess(char* word, std::size_t size) const noexcept {
  if (has_run_of_three(word, size)) {
    size = shorten_runs(word, size, 3, 2);  // "leeeeuk" is "leeuk", which is unknown, and so
    if (const Word* found = find(hash_word(word, size))) return found;
    size = shorten_runs(word, size, 2, 1);  // "leuk"
    if (const Word* found = find(hash_word(word, size))) return found;
  }
  if (size < 7) return nullptr;
  const std::uint32_t front = first_three(word);
  for (std::size_t i = affix_slot(front); !prefixes_[i].text.empty(); i = (i + 1) % kAffixes) {
    const std::string_view prefix = prefixes_[i].text;
    if (prefixes_[i].key != front || size < prefix.size() + 3 ||
        std::memcmp(word, prefix.data(), prefix.size()) != 0)
      continue;
    const Word* thing = find_folded({word + prefix.size(), size - prefix.size()});
    if (thing != nullptr && (thing->flags & kThing) != 0) return &insult_;
  }
  const std::uint32_t back = last_four(word, size);
  for (std::size_t i = affix_slot(back); !suffixes_[i].text.empty(); i = (i + 1) % kAffixes) {
    const std::string_view suffix = suffixes_[i].text;
    if (suffixes_[i].key == back && size >= suffix.size() + 3 &&
        std::memcmp(word + size - suffix.size(), suffix.data(), suffix.size()) == 0)
      return &compound_;
  }
  return nullptr;
}

}  // namespace brandwacht::text
