#include "monitor/text/tokens.hpp"

#include <algorithm>
#include <cstring>

#include "monitor/text/fold.hpp"
#include "monitor/text/runs.hpp"

namespace brandwacht::text {
namespace {

enum Class : std::uint8_t { kSkip, kWord, kHigh, kClauseEnd, kBang, kQuestion, kFace, kAt };

constexpr std::array<std::uint8_t, 256> classes() {
  std::array<std::uint8_t, 256> out{};
  for (int c = 0; c < 256; ++c) {
    const char ch = static_cast<char>(c);
    if (c >= 0x80)
      out[static_cast<std::size_t>(c)] = kHigh;
    else if (is_ascii_word(ch))
      out[static_cast<std::size_t>(c)] = kWord;
  }
  for (const char c : {'.', ',', '\n', '(', ')'})
    out[static_cast<unsigned char>(c)] = kClauseEnd;
  for (const char c : {':', ';', '=', '<', '>', '^', '\\', '-'})
    out[static_cast<unsigned char>(c)] = kFace;
  out['!'] = kBang;
  out['?'] = kQuestion;
  out['@'] = kAt;
  return out;
}
constexpr std::array<std::uint8_t, 256> kClass = classes();

constexpr std::size_t kMaxWord = 40;  // folded bytes; longer words are unknown
constexpr std::size_t kBlock = 16;    // bytes that word_run() reads

constexpr Word kUnknown{};
constexpr Word kDigits{0, kNumber, 0, 0, 0, 0};

// What a word says about the language, by its five flags: function words count double, words of
// feeling that only one language has count once. 16 bits each for nl, en and other.
constexpr std::array<std::uint64_t, 32> votes_table() {
  std::array<std::uint64_t, 32> out{};
  for (std::uint64_t i = 0; i < 32; ++i)
    out[i] = ((i & 1) * 2 + (i >> 3 & 1)) | ((i >> 1 & 1) * 2 + (i >> 4 & 1)) << 16 |
             (i >> 2 & 1) * 2 << 32;
  return out;
}
constexpr std::array<std::uint64_t, 32> kVotes = votes_table();
static_assert(kOnlyNl == 1 << 21 && kOnlyEn == 1 << 22);

class Scanner {
 public:
  Scanner(std::string_view text, const Lexicon& lexicon, Tokens& out) noexcept
      : text_(text.substr(0, kMaxScored)), lexicon_(lexicon), out_(out) {
    const std::size_t tail = std::min(text_.size(), kBlock);
    tail_begin_ = text_.size() - tail;
    if (tail > 0) std::memcpy(tail_, text_.data() + tail_begin_, tail);
    std::memset(tail_ + tail, 0, sizeof tail_ - tail);
  }

  // `at` and not at_, so that it lives in a register from word to word.
  void run() noexcept {
    std::size_t at = 0;
    while (at < text_.size() && out_.size < Tokens::kMax) {
      const std::uint8_t kind = kClass[byte(at)];
      if (kind == kSkip) {
        ++at;
        continue;
      }
      if (kind == kWord && plain_word(at)) continue;
      at_ = at;
      other(kind);
      at = at_;
    }
  }

 private:
  unsigned char byte(std::size_t i) const noexcept { return static_cast<unsigned char>(text_[i]); }
  bool word_at(std::size_t i) const noexcept {
    return i < text_.size() && kClass[byte(i)] == kWord;
  }

  void other(std::uint8_t kind) noexcept {
    switch (kind) {
      case kWord:
        return any_word();
      case kHigh:
        return high();
      case kBang:
        ++out_.exclamations;
        return end_clause();
      case kQuestion:
        ++out_.questions;
        return end_clause();
      case kClauseEnd:
        return end_clause();
      case kFace:
        return face();
      default:
        return account();
    }
  }

  void end_clause() noexcept {
    if (out_.size > 0) out_.list[out_.size - 1].marks |= Token::ends_clause;
    ++at_;
  }

  void push(std::size_t begin, std::size_t end, unsigned marks, const Word* word) noexcept {
    out_.list[out_.size++] = {static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(end),
                              static_cast<std::uint8_t>(marks), word};
    out_.seen |= word->flags;
    out_.votes += kVotes[(word->flags & 7) | (word->flags >> 18 & 24)];
  }

  // "@name" is who is spoken to, not what is said.
  void account() noexcept {
    ++at_;
    if (!word_at(at_)) return;
    ++out_.addressed;
    while (at_ < text_.size() && (word_at(at_) || text_[at_] == '.' || text_[at_] == '-'))
      ++at_;
  }

  // A face such as ":(" or "<3"; anything else ends a clause, except '-' inside a word.
  void face() noexcept {
    const bool after_word = at_ > 0 && word_at(at_ - 1);
    for (std::size_t size = 3; size >= 2; --size) {
      if (at_ + size > text_.size()) continue;
      char bytes[16] = {};
      for (std::size_t i = 0; i < size; ++i)
        bytes[i] = ascii_lower(text_[at_ + i]);
      const bool letter = is_ascii_word(bytes[size - 1]);
      if (letter && (after_word || word_at(at_ + size))) continue;
      const Word* known = lexicon_.find(hash_word(bytes, size));
      if (known == nullptr || (known->flags & kEmoji) == 0) continue;
      push(at_, at_ + size, 0, known);
      at_ += size;
      return;
    }
    if (text_[at_] == ':' || text_[at_] == ';' || (text_[at_] == '-' && !after_word))
      return end_clause();
    ++at_;
  }

  void high() noexcept {
    std::size_t size = 0;
    const char32_t c = decode_utf8(text_.substr(at_, 4), size);
    if (is_word(c)) return any_word();
    if (c == U'…' || c == U'–' || c == U'—' || c == 0x2028)
      return void(at_ += size - 1), end_clause();
    if (c > 0x2000 && c != kInvalid) {
      char bytes[16] = {};
      const Word* known = lexicon_.find(hash_word(bytes, encode_utf8(c, bytes)));
      if (known != nullptr && (known->flags & kEmoji) != 0) push(at_, at_ + size, 0, known);
    }
    at_ += size;
  }

  // Reads on while the bytes belong to one word; `bytes_` gets them folded.
  void read_word() noexcept {
    size_ = upper_ = letters_ = 0;
    while (at_ < text_.size()) {
      const unsigned char c = byte(at_);
      if (kClass[c] == kWord) {
        upper_ += c >= 'A' && c <= 'Z';
        letters_ += c >= 'A';
        put(ascii_lower(static_cast<char>(c)));
        ++at_;
      } else if (c >= 0x80) {
        if (!read_high()) break;
      } else if (c == '\'' && word_at(at_ + 1)) {
        if (ends_in_s(at_ + 1)) {
          at_ += 2;
          break;
        }
        put('\'');
        ++at_;
      } else {
        break;
      }
    }
    std::memset(bytes_ + size_, 0, 8);
  }

  bool ends_in_s(std::size_t i) const noexcept {
    return (text_[i] | 0x20) == 's' && !word_at(i + 1);
  }

  void put(char c) noexcept {
    if (size_ < kMaxWord)
      bytes_[size_++] = c;
    else
      too_long_ = true;
  }

  // A letter, mark or apostrophe that is not ASCII. False: the word ends before it.
  bool read_high() noexcept {
    std::size_t size = 0;
    const char32_t c = decode_utf8(text_.substr(at_, 4), size);
    const Folded folded = fold_code_point(c);
    if (folded.count == 1 && folded.first == '\'') {
      if (!word_at(at_ + size)) return false;
      if (ends_in_s(at_ + size)) {
        at_ += size + 1;
        return false;
      }
    } else if (folded.count > 0 && !is_word(folded.first)) {
      return false;
    }
    if (c >= 0x370 && folded.count > 0 && folded.first >= 0x370) ++out_.foreign_letters;
    ++letters_;
    for (int i = 0; i < folded.count; ++i) {
      char utf8[4];
      const std::size_t n = encode_utf8(i == 0 ? folded.first : folded.second, utf8);
      for (std::size_t k = 0; k < n; ++k)
        put(utf8[k]);
    }
    at_ += size;
    return true;
  }

  // Most words are at most fifteen ASCII letters between spaces: no byte of theirs is looked at
  // alone. False: it is not one of these, nothing was done.
  bool plain_word(std::size_t& at) noexcept {
    // Sixteen bytes and the one behind the word must be readable.
    const char* bytes = at + kBlock < text_.size() ? text_.data() + at : tail_ + (at - tail_begin_);
    const WordRun run = word_run(bytes);
    const auto next = static_cast<unsigned char>(bytes[run.size]);
    if (run.size == kBlock || next == '\'' || next >= 0x80) return false;
    const std::size_t begin = at;
    at += run.size;
    if ((next == ':' || next == '.') && is_link(run, at)) {
      ++out_.links;
      while (at < text_.size() && byte(at) > ' ')
        ++at;
      return true;
    }
    unsigned marks = run.capitals ? unsigned{Token::caps} : 0;
    const Word* known = lexicon_.find(hash_word(run.low, run.high, run.size));
    if (known == nullptr) known = guess(run, begin, marks);
    add_word(begin, at, marks, known);
    return true;
  }

  const Word* guess(const WordRun& run, std::size_t begin, unsigned& marks) noexcept {
    if (is_ascii_digit(text_[begin])) return &kDigits;
    if (run.tripled && run.size >= 4) marks |= Token::elongated;
    if (run.size < 7 && (marks & Token::elongated) == 0) return &kUnknown;
    std::memset(bytes_, 0, sizeof bytes_);
    std::memcpy(bytes_, &run.low, 8);
    std::memcpy(bytes_ + 8, &run.high, 8);
    const Word* guessed = lexicon_.guess(bytes_, run.size);
    return guessed != nullptr ? guessed : &kUnknown;
  }

  void add_word(std::size_t begin, std::size_t end, unsigned marks, const Word* known) noexcept {
    ++out_.words;
    out_.caps_words += marks & Token::caps;
    out_.elongated_words += marks / Token::elongated & 1U;
    push(begin, end, marks, known);
  }

  // Long words and those with accents, apostrophes or letters of other scripts.
  void any_word() noexcept {
    const std::size_t begin = at_;
    too_long_ = false;
    read_word();
    if (at_ == begin) {  // a high byte that opens no word after all
      ++at_;
      return;
    }
    const Word* known = too_long_ ? nullptr : lexicon_.find(hash_word(bytes_, size_));
    if (known == nullptr && size_ >= 4 && !too_long_) known = lexicon_.guess(bytes_, size_);
    add_word(begin, at_, upper_ >= 3 && upper_ == letters_ ? unsigned{Token::caps} : 0U,
             known != nullptr ? known : &kUnknown);
  }

  bool is_link(const WordRun& run, std::size_t end) const noexcept {
    char seen[8];
    std::memcpy(seen, &run.low, 8);
    const std::string_view word(seen, std::min<std::size_t>(run.size, 8)), rest = text_.substr(end);
    return (word == "www" && rest.starts_with('.')) ||
           ((word == "https" || word == "http") && rest.starts_with("://"));
  }

  std::string_view text_;
  const Lexicon& lexicon_;
  Tokens& out_;
  std::size_t at_ = 0, size_ = 0;
  unsigned upper_ = 0, letters_ = 0;
  bool too_long_ = false;
  char bytes_[kMaxWord + 8];
  // The last bytes of the text again with zeros behind them, so that sixteen can be read at every
  // place.
  char tail_[2 * kBlock + 1];
  std::size_t tail_begin_ = 0;
};

}  // namespace

void tokenize(std::string_view text, const Lexicon& lexicon, Tokens& out) noexcept {
  Scanner(text, lexicon, out).run();
}

}  // namespace brandwacht::text
