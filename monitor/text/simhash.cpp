#include "monitor/text/simhash.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "monitor/text/tokens.hpp"

namespace brandwacht::text {
namespace {

// The finalizer of SplitMix64: every bit of the feature moves every bit of the hash.
constexpr std::uint64_t scatter(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

// Bit i of a byte as byte i of a word: eight counters are raised by one addition.
constexpr std::array<std::uint64_t, 256> spread_table() {
  std::array<std::uint64_t, 256> out{};
  for (std::uint64_t byte = 0; byte < 256; ++byte)
    for (unsigned bit = 0; bit < 8; ++bit)
      out[byte] |= ((byte >> bit) & 1) << (8 * bit);
  return out;
}
constexpr std::array<std::uint64_t, 256> kSpread = spread_table();

class Votes {
 public:
  void add(std::uint64_t feature) noexcept {
    const std::uint64_t hash = scatter(feature);
    for (unsigned i = 0; i < 8; ++i)
      lanes_[i] += kSpread[(hash >> (8 * i)) & 0xFF];
    ++features_;
    if (++pending_ == 255) flush();  // a counter of a byte is full
  }

  SimHash result() noexcept {
    flush();
    SimHash out = 0;
    for (unsigned bit = 0; bit < 64; ++bit)
      out |= static_cast<SimHash>(2 * counts_[bit] > features_) << bit;
    return out == 0 ? 1 : out;  // 0 means something else
  }

 private:
  void flush() noexcept {
    for (unsigned i = 0; i < 8; ++i)
      for (unsigned bit = 0; bit < 8; ++bit)
        counts_[8 * i + bit] += (lanes_[i] >> (8 * bit)) & 0xFF;
    lanes_ = {};
    pending_ = 0;
  }

  std::array<std::uint64_t, 8> lanes_{};
  std::array<std::uint32_t, 64> counts_{};
  std::uint32_t features_ = 0, pending_ = 0;
};

bool counts(const Token& token) noexcept {
  return token.kind == Token::word || token.kind == Token::number;
}

// Words of both languages that stand in posts on anything. Folded, sorted.
constexpr std::string_view kEmptyWords[] = {
    "aan",    "about",  "after", "again",   "alle",   "alleen", "alles",  "als",     "also",
    "altijd", "alweer", "and",   "another", "any",    "are",    "back",   "because", "been",
    "ben",    "bij",    "but",   "can",     "cannot", "dan",    "dat",    "de",      "deze",
    "did",    "die",    "dit",   "doen",    "does",   "don",    "door",   "dus",     "echt",
    "een",    "eens",   "elke",  "even",    "ever",   "for",    "from",   "gaan",    "gaat",
    "geen",   "get",    "had",   "has",     "have",   "heb",    "hebben", "heeft",   "heel",
    "hem",    "het",    "hier",  "hij",     "hoe",    "how",    "hun",    "iemand",  "iets",
    "into",   "its",    "jij",   "jou",     "jullie", "just",   "kan",    "kon",     "kunnen",
    "maar",   "meer",   "men",   "met",     "mij",    "mijn",   "more",   "much",    "naar",
    "niet",   "niets",  "nog",   "not",     "now",    "nu",     "only",   "onze",    "ook",
    "our",    "out",    "over",  "really",  "still",  "than",   "that",   "the",     "their",
    "them",   "then",   "there", "they",    "this",   "toch",   "toen",   "tot",     "uit",
    "van",    "veel",   "very",  "voor",    "waar",   "waarom", "want",   "was",     "wat",
    "wel",    "werd",   "were",  "what",    "when",   "where",  "which",  "who",     "why",
    "wie",    "wij",    "will",  "with",    "word",   "wordt",  "would",  "you",     "your",
    "zelf",   "zij",    "zijn",  "zo",      "zou"};
static_assert(std::ranges::is_sorted(kEmptyWords));

// Endings that change with number, person and tense in either language, the longest first.
constexpr std::string_view kEndings[] = {"ingen", "ing", "en", "es", "ed",
                                         "er",    "s",   "e",  "t",  "d"};

// Words for the same matter in both languages, by their beginnings; those of up to four letters are
// whole words. Sorted.
struct Matter {
  std::string_view begin;
  std::uint64_t number;
};
constexpr Matter kMatters[] = {
    {"aanmeld", 1},   {"advert", 11},   {"besmet", 8},         {"betaal", 2},
    {"betalen", 2},   {"betaling", 2},  {"bezorg", 3},         {"brandgevaar", 9},
    {"breach", 6},    {"campagne", 11}, {"campaign", 11},      {"canceled", 4},
    {"cancelled", 4}, {"card", 2},      {"checkout", 2},       {"commercial", 11},
    {"contamin", 8},  {"courier", 3},   {"crash", 0},          {"danger", 9},
    {"datalek", 6},   {"delay", 4},     {"deliver", 3},        {"discrimin", 7},
    {"down", 0},      {"duurder", 5},   {"eruit", 0},          {"expensive", 5},
    {"explode", 9},   {"gehackt", 6},   {"gelekt", 6},         {"gevaarlijk", 9},
    {"hack", 6},      {"hacked", 6},    {"hazard", 9},         {"homofo", 7},
    {"ideal", 2},     {"increase", 5},  {"inlog", 1},          {"kassa", 2},
    {"koerier", 3},   {"leak", 6},      {"lever", 3},          {"logging", 1},
    {"login", 1},     {"misselijk", 8}, {"offline", 0},        {"onbereikba", 0},
    {"outage", 0},    {"package", 3},   {"paid", 2},           {"pakket", 3},
    {"parcel", 3},    {"password", 1},  {"paying", 2},         {"payment", 2},
    {"pin", 2},       {"pinnen", 2},    {"pinpas", 2},         {"platgelegd", 0},
    {"platligt", 0},  {"poison", 8},    {"price", 5},          {"pricier", 5},
    {"prijs", 5},     {"prijzen", 5},   {"privacy", 6},        {"racis", 7},
    {"recall", 9},    {"reclame", 11},  {"rijdt", 4},          {"salmonel", 8},
    {"seksis", 7},    {"sexis", 7},     {"shipment", 3},       {"sick", 8},
    {"spotje", 11},   {"staken", 10},   {"staking", 10},       {"storing", 0},
    {"strike", 10},   {"tarief", 5},    {"terugroep", 9},      {"uitgevallen", 4},
    {"uitval", 0},    {"unreachab", 0}, {"unsafe", 9},         {"verhoging", 5},
    {"vertraag", 4},  {"vertrag", 4},   {"voedselvergift", 8}, {"wachtwoord", 1},
    {"ziek", 8}};
static_assert(std::ranges::is_sorted(kMatters, {}, &Matter::begin));

std::string_view stem(std::string_view word) noexcept {
  for (const std::string_view ending : kEndings)
    if (word.size() >= ending.size() + 4 && word.ends_with(ending))
      return word.substr(0, word.size() - ending.size());
  return word;
}

std::uint32_t term_of(std::string_view part, std::uint64_t kind) noexcept {
  char padded[kMaxWord + 8] = {};
  std::memcpy(padded, part.data(), part.size());
  return static_cast<std::uint32_t>(scatter(hash_word(padded, part.size()) + kind) >> 32);
}

void add_term(Signature& out, std::uint32_t term) noexcept {
  const auto end = out.list.begin() + out.size;
  if (out.size == Signature::kMaxTerms || std::find(out.list.begin(), end, term) != end) return;
  out.list[out.size++] = term;
}

// The last beginning that is not behind the word is the only one that can be its own: none of the
// longer ones begins with another that is not a whole word.
const Matter* matter_of(std::string_view word) noexcept {
  const Matter* behind = std::ranges::upper_bound(kMatters, word, {}, &Matter::begin);
  if (behind == std::begin(kMatters)) return nullptr;
  const Matter& matter = *(behind - 1);
  const bool whole = matter.begin.size() <= 4;
  return word == matter.begin || (!whole && word.starts_with(matter.begin)) ? &matter : nullptr;
}

void add_word(Signature& out, std::string_view word) noexcept {
  if (word.size() < 3 || std::ranges::binary_search(kEmptyWords, word)) return;
  if (const Matter* matter = matter_of(word))
    add_term(out, static_cast<std::uint32_t>(scatter(matter->number + 3) >> 32));
  constexpr std::size_t kHead = 5, kTail = 6;
  const std::string_view root = stem(word);
  add_term(out, term_of(root.substr(0, kHead), 1));
  if (word.size() < kTail) return;
  // The end of the word without its plural, so that a compound meets its last part.
  const std::string_view singular = word.ends_with("en")  ? word.substr(0, word.size() - 2)
                                    : word.ends_with('s') ? word.substr(0, word.size() - 1)
                                                          : word;
  if (singular.size() >= kTail) add_term(out, term_of(singular.substr(singular.size() - kTail), 2));
}

}  // namespace

SimHash simhash(const Tokens& tokens) noexcept {
  Votes votes;
  std::uint64_t before = kBeginHash;
  int words = 0;
  for (std::size_t i = 0; i < tokens.size; ++i) {
    const Token& token = tokens.list[i];
    if (!counts(token)) continue;
    votes.add(token.hash);
    votes.add(pair_hash(before, token.hash));
    before = token.hash;
    words += token.kind == Token::word ? 1 : 0;
  }
  return words < kMinWords ? 0 : votes.result();
}

SimHash simhash(std::string_view text) noexcept {
  Tokens tokens;
  tokenize(text, tokens);
  return simhash(tokens);
}

Signature signature(std::string_view text) noexcept {
  Tokens tokens;
  tokenize(text, tokens);
  Signature out;
  out.simhash = simhash(tokens);
  for (std::size_t i = 0; i < tokens.size && out.size < Signature::kMaxTerms; ++i) {
    const Token& token = tokens.list[i];
    if (token.kind != Token::word) continue;
    char folded[kMaxWord + 8];
    const std::size_t size = folded_word(text.substr(token.begin, token.end - token.begin), folded);
    add_word(out, {folded, size});
  }
  return out;
}

}  // namespace brandwacht::text
