#include "monitor/text/tokens.hpp"

#include <algorithm>
#include <array>

#include "monitor/text/fold.hpp"
#include "monitor/text/runs.hpp"

namespace brandwacht::text {
namespace {

enum Class : std::uint8_t { kSkip, kWord, kHigh, kClauseEnd, kPunctuation, kSingle, kAt };

constexpr std::array<std::uint8_t, 256> classes() {
  std::array<std::uint8_t, 256> out{};
  for (int c = 0; c < 256; ++c) {
    const char ch = static_cast<char>(c);
    if (c >= 0x80)
      out[static_cast<std::size_t>(c)] = kHigh;
    else if (is_ascii_word(ch))
      out[static_cast<std::size_t>(c)] = kWord;
  }
  out['\n'] = kClauseEnd;
  for (const char c :
       {'.', ',', '!', '?', ':', ';', '=', '<', '>', '^', '\\', '-', '/', '(', ')', '*', '|', '\''})
    out[static_cast<unsigned char>(c)] = kPunctuation;
  for (const char c : {'%', '$', '+', '#', '"', '&', '~'})
    out[static_cast<unsigned char>(c)] = kSingle;
  out['@'] = kAt;
  return out;
}
constexpr std::array<std::uint8_t, 256> kClass = classes();

constexpr std::size_t kBlock = 16;  // bytes that word_run() reads

// Tokens that stand for a kind of thing.
constexpr std::uint64_t kAccountHash = 0xA1, kLinkHash = 0xA2;
constexpr std::uint64_t fixed_hash(std::uint64_t what) noexcept {
  std::uint64_t hash = (what + 0x51ED) * 0xD6E8FEB86659FD93;
  return hash ^ (hash >> 29);
}

// "20gb" and "8u30": the digits do not matter, their number does. Plain numbers likewise.
void hide_digits(char* bytes, std::size_t size) noexcept {
  for (std::size_t i = 0; i < size; ++i)
    if (is_ascii_digit(bytes[i])) bytes[i] = '0';
}

// Letters three and more times in a row become two. Returns the new size.
std::size_t shorten(char* bytes, std::size_t size) noexcept {
  std::size_t out = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (out >= 2 && bytes[out - 1] == bytes[i] && bytes[out - 2] == bytes[i] &&
        !is_ascii_digit(bytes[i]))
      continue;
    bytes[out++] = bytes[i];
  }
  return out;
}

class Scanner {
 public:
  Scanner(std::string_view text, Tokens& out, LineTable ahead) noexcept
      : text_(text.substr(0, kMaxScored)), out_(out), ahead_(ahead) {
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
      if (kind == kWord && plain_word(at)) {
        at += at < text_.size() && text_[at] == ' ';  // most often
        continue;
      }
      at_ = at;
      other(kind);
      at = at_;
    }
    if (ahead_.count != 0) ahead_.prefetch(pair_hash(before_, kEndHash));
  }

  std::size_t fold_all(char (&out)[kMaxWord + 8]) noexcept {
    read_word();
    std::memcpy(out, bytes_, size_ + 8);
    return size_;
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
      case kClauseEnd:
        end_clause();
        ++at_;
        return;
      case kPunctuation:
        return punctuation();
      case kSingle:
        push(at_, at_ + 1, fixed_hash(byte(at_)), Token::mark, 0);
        ++at_;
        return;
      default:
        return account();
    }
  }

  void end_clause() noexcept {
    if (out_.size > 0) out_.list[out_.size - 1].marks |= Token::ends_clause;
  }

  void push(std::size_t begin, std::size_t end, std::uint64_t hash, Token::Kind kind,
            unsigned marks) noexcept {
    hash |= 1;
    if (ahead_.count != 0) {
      ahead_.prefetch(hash);
      ahead_.prefetch(pair_hash(before_, hash));
      before_ = hash;
    }
    if (out_.size < Tokens::kMax)
      out_.list[out_.size++] = {hash, static_cast<std::uint16_t>(begin),
                                static_cast<std::uint16_t>(end), kind,
                                static_cast<std::uint8_t>(marks)};
  }

  void account() noexcept {
    const std::size_t begin = at_++;
    if (!word_at(at_)) return;
    while (at_ < text_.size() && (word_at(at_) || text_[at_] == '.' || text_[at_] == '-'))
      ++at_;
    while (text_[at_ - 1] == '.' || text_[at_ - 1] == '-')  // the end of a sentence
      --at_;
    push(begin, at_, fixed_hash(kAccountHash), Token::account, 0);
  }

  // A run such as "!", "...", ":-(" or "<3". A lone comma, full stop, dash or quote only ends a
  // clause.
  void punctuation() noexcept {
    const std::size_t begin = at_;
    const bool alone = begin + 1 >= text_.size() || kClass[byte(begin + 1)] != kPunctuation;
    if (alone && (text_[begin] == ',' || text_[begin] == '.')) {  // most of them
      ++at_;
      return end_clause();
    }
    char bytes[16] = {};
    std::size_t size = 0, repeats = 0;
    for (; at_ < text_.size() && kClass[byte(at_)] == kPunctuation; ++at_) {
      const char c = text_[at_];
      repeats = size > 0 && bytes[size - 1] == c ? repeats + 1 : 0;
      if (repeats < 2 && size < 6) bytes[size++] = c;
    }
    // Faces may end in a letter or digit: ":D", "<3".
    if (at_ - begin <= 2 && word_at(at_) && !word_at(at_ + 1) &&
        (text_[begin] == ':' || text_[begin] == ';' || text_[begin] == '=' ||
         text_[begin] == '<') &&
        !(begin > 0 && word_at(begin - 1))) {
      bytes[size++] = ascii_lower(text_[at_]);
      ++at_;
    }
    const bool after_word = begin > 0 && word_at(begin - 1);
    if (!(after_word && size == 1 && (bytes[0] == '-' || bytes[0] == '\'' || bytes[0] == '/')))
      end_clause();
    if (size > 1 || bytes[0] == '!' || bytes[0] == '?')
      push(begin, at_, hash_word(bytes, size) ^ 0x5555, Token::mark, 0);
  }

  void letter(char32_t c) noexcept {
    const Folded folded = fold_code_point(c);
    if (folded.count == 1 && folded.first < 0x80) {
      if (c < 0xE0 && c >= 0xC0) c |= 0x20;  // to lower case; the other blocks: odd is lower
      if (c >= 0x100 && c < 0x180) c |= 1;
    } else if (c >= 0x250) {
      c = 0x8000 + (c >> 7 & 0x7FFF);
    }
    const auto code = static_cast<std::uint16_t>(c);
    for (unsigned k = 0; k < out_.letter_count; ++k)
      if (out_.letters[k] == code) return;
    if (out_.letter_count < out_.letters.size()) out_.letters[out_.letter_count++] = code;
  }

  void high() noexcept {
    std::size_t size = 0;
    const char32_t c = decode_utf8(text_.substr(at_, 4), size);
    if (is_word(c)) return any_word();
    const std::size_t begin = at_;
    at_ += size;
    if (c == U'…' || c == U'–' || c == U'—' || c == 0x2028) end_clause();
    if (c == U'…') push(begin, at_, hash_word("..\0\0\0\0\0\0\0", 2) ^ 0x5555, Token::mark, 0);
    if (c == U'€' || c == U'£') push(begin, at_, fixed_hash('$'), Token::mark, 0);
    if (c < 0x2030 || c == kInvalid || c == U'€' || fold_code_point(c).count == 0) return;
    const std::uint64_t hash = fixed_hash(0x10000 + c);
    if (out_.size > 0 &&
        out_.list[out_.size - 1].hash == (hash | 1))  // the same again adds nothing
      out_.list[out_.size - 1].end = static_cast<std::uint16_t>(at_);
    else
      push(begin, at_, hash, Token::emoji, 0);
  }

  // Reads on while the bytes belong to one word; `bytes_` gets them folded.
  void read_word() noexcept {
    size_ = upper_ = letters_ = 0;
    digit_ = false;
    while (at_ < text_.size()) {
      const unsigned char c = byte(at_);
      if (kClass[c] == kWord) {
        upper_ += c >= 'A' && c <= 'Z';
        letters_ += c >= 'A';
        digit_ |= c <= '9';
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
    if (digit_) hide_digits(bytes_, size_);
    const std::size_t short_size = shorten(bytes_, size_);
    elongated_ = short_size < size_;
    size_ = short_size;
    std::memset(bytes_ + size_, 0, 8);
  }

  bool ends_in_s(std::size_t i) const noexcept {
    return (text_[i] | 0x20) == 's' && !word_at(i + 1);
  }

  void put(char c) noexcept {
    if (size_ < kMaxWord) bytes_[size_++] = c;
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
    if (folded.count > 0 && c >= 0xC0 && folded.first != '\'') letter(c);
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
    if (run.size == kBlock || next == '\'' || next >= 0x80 || run.tripled) return false;
    const std::size_t begin = at;
    at += run.size;
    if ((next == ':' || next == '.') && is_link(run, at)) {
      while (at < text_.size() && byte(at) > ' ')
        ++at;
      push(begin, at, fixed_hash(kLinkHash), Token::link, 0);
      return true;
    }
    std::uint64_t low = run.low, high = run.high;
    Token::Kind kind = Token::word;
    if (run.digits) {
      char folded[16];
      std::memcpy(folded, &low, 8);
      std::memcpy(folded + 8, &high, 8);
      hide_digits(folded, run.size);
      std::memcpy(&low, folded, 8);
      std::memcpy(&high, folded + 8, 8);
      if (is_ascii_digit(folded[0])) kind = Token::number;
    }
    add_word(begin, at, hash_word(low, high, run.size), kind, run.capitals, false);
    return true;
  }

  void add_word(std::size_t begin, std::size_t end, std::uint64_t hash, Token::Kind kind,
                bool capitals, bool elongated) noexcept {
    ++out_.words;
    out_.caps += capitals;
    out_.elongated += elongated;
    push(begin, end, hash, kind,
         (capitals ? unsigned{Token::caps} : 0) | (elongated ? unsigned{Token::elongated} : 0));
  }

  // Long words and those with accents, apostrophes, repeated letters or letters of other scripts.
  void any_word() noexcept {
    const std::size_t begin = at_;
    read_word();
    if (at_ == begin) {  // a high byte that opens no word after all
      ++at_;
      return;
    }
    if (size_ == 0) return;
    add_word(begin, at_, hash_word(bytes_, size_),
             is_ascii_digit(bytes_[0]) ? Token::number : Token::word,
             upper_ >= 3 && upper_ == letters_, elongated_);
  }

  bool is_link(const WordRun& run, std::size_t end) const noexcept {
    char seen[8];
    std::memcpy(seen, &run.low, 8);
    const std::string_view word(seen, std::min<std::size_t>(run.size, 8)), rest = text_.substr(end);
    return (word == "www" && rest.starts_with('.')) ||
           ((word == "https" || word == "http") && rest.starts_with("://"));
  }

  std::string_view text_;
  Tokens& out_;
  LineTable ahead_;
  std::uint64_t before_ = kBeginHash;
  std::size_t at_ = 0, size_ = 0;
  unsigned upper_ = 0, letters_ = 0;
  bool digit_ = false, elongated_ = false;
  char bytes_[kMaxWord + 8];
  // The last bytes of the text again with zeros behind them, so that sixteen can be read at every
  // place.
  char tail_[2 * kBlock + 1];
  std::size_t tail_begin_ = 0;
};

}  // namespace

void tokenize(std::string_view text, Tokens& out, LineTable ahead) noexcept {
  Scanner(text, out, ahead).run();
}

std::size_t folded_word(std::string_view word, char (&out)[kMaxWord + 8]) noexcept {
  Tokens ignored;
  return Scanner(word, ignored, {}).fold_all(out);
}

}  // namespace brandwacht::text
