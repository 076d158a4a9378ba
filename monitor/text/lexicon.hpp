// The words, phrases and emoji that the scorer knows, in tables that are built once from the lists
// in data/ and never allocate. Internal to the text folder.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace brandwacht::text {

// What a word does besides what it feels like.
enum WordFlag : std::uint32_t {
  kNl = 1 << 0,  // votes for this language
  kEn = 1 << 1,
  kOther = 1 << 2,
  kOnlyNl = 1 << 21,  // a word of feeling in this language alone
  kOnlyEn = 1 << 22,
  kNegator = 1 << 3,
  kBooster = 1 << 4,
  kDamper = 1 << 5,
  kVerb = 1 << 6,  // something that a company or its product should do: "works", "antwoordt"
  kSwear = 1 << 7,
  kBreak = 1 << 8,  // "maar", "but": ends the scope of a negation
  kNumber = 1 << 9,
  kOrdinal = 1 << 10,
  kPeriod = 1 << 11,
  kNotLoan = 1 << 12,  // Dutch; the English word of feeling that is spelt the same is not meant
  kFirstPerson = 1 << 13,
  kSecondPerson = 1 << 14,
  kThing = 1 << 15,
  kServiceNl = 1 << 16,  // the polarity is that of customers, not of the general list
  kServiceEn = 1 << 17,
  kEmoji = 1 << 18,
  kLexical = 1 << 19,
  kActs = 1 << 20,  // has a polarity or a role inside a clause: not just a word of some language
};

// 16 bytes, so that looking a word up touches one cache line. No initialisers: see Token.
struct Word {
  std::uint32_t tag;  // of the hash; 0: no word
  std::uint32_t flags;
  std::uint16_t phrase_id;  // 0: in no phrase
  std::uint16_t opens;      // state of the phrases that begin with this word; 0: none
  std::int8_t nl, en;       // polarity in hundredths, -100 (bad) to 100
};

enum class PhraseKind : std::uint8_t { none, complaint, joiner, praise, neutral };

struct PhraseNode {
  PhraseKind kind = PhraseKind::none;  // none: only the beginning of a phrase
  std::uint8_t strength = 0;           // hundredths
};

// Hashes a folded word. At least eight bytes behind it must be readable.
inline std::uint64_t hash_word(const char* bytes, std::size_t size) noexcept {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  std::uint64_t hash = size * kMix;
  for (; size > 8; bytes += 8, size -= 8) {
    std::uint64_t chunk;
    std::memcpy(&chunk, bytes, 8);
    hash = (hash ^ chunk) * kMix;
    hash ^= hash >> 29;
  }
  std::uint64_t last;
  std::memcpy(&last, bytes, 8);
  if (size < 8) last &= (std::uint64_t{1} << (8 * size)) - 1;
  hash = (hash ^ last) * kMix;
  return hash ^ (hash >> 32);
}

// The same for a word of 1 to 16 bytes that is in two registers, zeros behind it.
inline std::uint64_t hash_word(std::uint64_t low, std::uint64_t high, std::size_t size) noexcept {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  std::uint64_t hash = size * kMix;
  if (size > 8) {
    hash = (hash ^ low) * kMix;
    hash ^= hash >> 29;
    low = high;
  }
  hash = (hash ^ low) * kMix;
  return hash ^ (hash >> 32);
}

class Lexicon {
 public:
  static const Lexicon& get() noexcept;  // built at the first call

  // nullptr: unknown. A word is known by 46 bits of its hash: one unknown word in about 10^9 is
  // mistaken for another.
  const Word* find(std::uint64_t hash) const noexcept {
    const auto tag = static_cast<std::uint32_t>(hash >> 32) | 1U;
    for (std::size_t i = hash & (kSlots - 1);; i = (i + 1) & (kSlots - 1)) {
      if (words_[i].tag == tag) return &words_[i];
      if (words_[i].tag == 0) return nullptr;
    }
  }

  // Unknown words of `size` >= 5 folded bytes: zooooo, klotebedrijf, storingsellende. nullptr:
  // still unknown.
  const Word* guess(char* word, std::size_t size) const noexcept;

  // The phrase automaton: state 0 is the start; 0 returned: no phrase goes on like this.
  std::uint16_t next(std::uint16_t state, std::uint16_t phrase_id) const noexcept {
    const std::uint32_t key = std::uint32_t{state} << 16 | phrase_id;
    for (std::size_t i = slot_of(key);; i = (i + 1) & (kEdges - 1)) {
      if (edges_[i].key == key) return edges_[i].target;
      if (edges_[i].key == 0) return 0;
    }
  }
  PhraseNode node(std::uint16_t state) const noexcept { return nodes_[state]; }

  // The wildcards of phrases: any number, ordinal or period. Their id and what they open.
  const Word& any_number() const noexcept { return *number_; }
  const Word& any_ordinal() const noexcept { return *ordinal_; }
  const Word& any_period() const noexcept { return *period_; }

  std::size_t words() const noexcept { return word_count_; }
  std::size_t phrases() const noexcept { return phrase_count_; }

 private:
  static constexpr std::size_t kSlots = 1 << 15, kEdges = 1 << 13, kNodes = 4096, kAffixes = 64;

  struct Edge {
    std::uint32_t key = 0;
    std::uint16_t target = 0;
  };
  struct Affix {
    std::uint32_t key = 0;  // its first three or last four bytes
    std::string_view text;
  };

  Lexicon() noexcept;
  static std::size_t slot_of(std::uint32_t key) noexcept { return (key * 0x9E3779B1U) >> 19; }
  Word& word(std::string_view folded) noexcept;
  void add_polarities(std::string_view list, bool dutch, std::uint32_t flag) noexcept;
  void add_roles(std::string_view list) noexcept;
  void add_phrases(std::string_view list) noexcept;
  void add_emoji(std::string_view list) noexcept;
  void add_affix(std::array<Affix, kAffixes>& table, std::uint32_t key,
                 std::string_view text) noexcept;
  std::uint16_t add_edge(std::uint16_t state, std::uint16_t phrase_id) noexcept;
  std::uint16_t phrase_id(Word& word) noexcept;
  void finish() noexcept;
  const Word* find_folded(std::string_view folded) const noexcept;

  std::array<Word, kSlots> words_{};
  std::array<Edge, kEdges> edges_{};
  std::array<PhraseNode, kNodes> nodes_{};
  std::array<Affix, kAffixes> prefixes_{}, suffixes_{};
  Word insult_{}, compound_{};
  std::uint16_t next_phrase_id_ = 1, next_node_ = 1;
  const Word *number_ = nullptr, *ordinal_ = nullptr, *period_ = nullptr;
  std::size_t word_count_ = 0, phrase_count_ = 0;
};

}  // namespace brandwacht::text
