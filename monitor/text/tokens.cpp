#include "monitor/text/tokens.hpp"

#include "monitor/text/fold.hpp"

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

class Scanner {
 public:
  Scanner(std::string_view text, const Lexicon& lexicon, Tokens& out) noexcept
      : text_(text.substr(0, kMaxScored)), lexicon_(lexicon), out_(out) {}

  void run() noexcept {
    while (at_ < text_.size() && out_.size < Tokens::kMax) {
      switch (kClass[byte(at_)]) {
        case kWord:
          word();
          break;
        case kHigh:
          high();
          break;
        case kBang:
          ++out_.exclamations;
          end_clause();
          break;
        case kQuestion:
          ++out_.questions;
          end_clause();
          break;
        case kClauseEnd:
          end_clause();
          break;
        case kFace:
          face();
          break;
        case kAt:
          account();
          break;
        default:
          ++at_;
      }
    }
  }

 private:
  unsigned char byte(std::size_t i) const noexcept { return static_cast<unsigned char>(text_[i]); }
  bool word_at(std::size_t i) const noexcept {
    return i < text_.size() && kClass[byte(i)] == kWord;
  }

  void end_clause() noexcept {
    if (out_.size > 0) out_.list[out_.size - 1].marks |= Token::ends_clause;
    ++at_;
  }

  Token& push(std::size_t begin, std::size_t end) noexcept {
    Token& token = out_.list[out_.size++];
    token.begin = static_cast<std::uint16_t>(begin);
    token.end = static_cast<std::uint16_t>(end);
    token.marks = 0;
    token.word = {};
    return token;
  }

  void skip_to_space() noexcept {
    while (at_ < text_.size() && byte(at_) > ' ')
      ++at_;
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
      push(at_, at_ + size).word = *known;
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
    if (is_word(c)) return word();
    if (c == U'…' || c == U'–' || c == U'—' || c == 0x2028)
      return void(at_ += size - 1), end_clause();
    if (c > 0x2000 && c != kInvalid) {
      char bytes[16] = {};
      const Word* known = lexicon_.find(hash_word(bytes, encode_utf8(c, bytes)));
      if (known != nullptr && (known->flags & kEmoji) != 0) push(at_, at_ + size).word = *known;
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

  void word() noexcept {
    const std::size_t begin = at_;
    too_long_ = false;
    read_word();
    if (at_ == begin) {  // a high byte that opens no word after all
      ++at_;
      return;
    }
    if (is_link()) {
      ++out_.links;
      return skip_to_space();
    }
    ++out_.words;
    Token& token = push(begin, at_);
    bool elongated = false;
    const Word* known = too_long_ ? nullptr : lexicon_.find(hash_word(bytes_, size_));
    if (known == nullptr && size_ >= 4 && !too_long_)
      known = lexicon_.guess(bytes_, size_, elongated);
    if (known != nullptr)
      token.word = *known;
    else if (is_ascii_digit(bytes_[0]))
      token.word.flags = kNumber;
    if (elongated) {
      token.marks |= Token::elongated;
      ++out_.elongated_words;
    }
    if (upper_ >= 3 && upper_ == letters_) {
      token.marks |= Token::caps;
      ++out_.caps_words;
    }
  }

  bool is_link() const noexcept {
    const std::string_view seen(bytes_, size_), rest = text_.substr(at_);
    return (seen == "www" && rest.starts_with('.')) ||
           ((seen == "https" || seen == "http") && rest.starts_with("://"));
  }

  std::string_view text_;
  const Lexicon& lexicon_;
  Tokens& out_;
  std::size_t at_ = 0, size_ = 0;
  unsigned upper_ = 0, letters_ = 0;
  bool too_long_ = false;
  char bytes_[kMaxWord + 8];
};

}  // namespace

void tokenize(std::string_view text, const Lexicon& lexicon, Tokens& out) noexcept {
  Scanner(text, lexicon, out).run();
}

}  // namespace brandwacht::text
