#include "monitor/text/fold.hpp"
#include "monitor/text/phrases.hpp"

namespace brandwacht::text {
namespace {

enum class Sort : std::uint8_t { letter, digit, emoji, other };

Sort sort_of(char32_t c) {
  if (c >= '0' && c <= '9') return Sort::digit;
  if (is_word(c)) return Sort::letter;
  return c >= 0x2600 && c != kInvalid ? Sort::emoji : Sort::other;
}

// "sooorry" is "soorry" and "sorry".
void shorten(Word& word) {
  std::string twice, once;
  std::size_t run = 0;
  bool changed = false;
  for (std::size_t i = 0; i < word.text.size(); ++i) {
    run = i > 0 && word.text[i] == word.text[i - 1] ? run + 1 : 1;
    std::size_t length = run;
    for (std::size_t k = i + 1; k < word.text.size() && word.text[k] == word.text[i]; ++k)
      ++length;
    const bool stretched = length >= 3 && is_ascii_letter(word.text[i]);
    changed |= stretched;
    if (!stretched || run <= 2) twice += word.text[i];
    if (!stretched || run <= 1) once += word.text[i];
  }
  if (!changed) return;
  word.text = std::move(twice);
  word.single = std::move(once);
}

class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  Words cut() {
    for (std::size_t i = 0, size = 0; i < text_.size(); i += size) {
      const char32_t raw = decode_utf8(text_.substr(i, 4), size);
      const Folded folded =
          raw < 0x80 ? Folded{static_cast<char32_t>(ascii_lower(static_cast<char>(raw))), 0, 1}
                     : fold_code_point(raw);
      if (folded.count == 0) continue;  // marks and invisible characters
      take(folded, i, i + size);
    }
    close();
    out_.question.resize(sentence_ + 1);
    for (Word& word : out_.list)
      shorten(word);
    return std::move(out_);
  }

 private:
  void take(const Folded& folded, std::size_t begin, std::size_t end) {
    const char32_t c = folded.first;
    const Sort sort = sort_of(c);
    if (c == '\'' && open_ && sort_ == Sort::letter && next_is_letter(end)) {
      out_.list.back().text += '\'';
      return;
    }
    if (sort == Sort::other) return mark(c, end);
    if (!open_ || sort != sort_ || sort == Sort::emoji) start(sort, begin);
    char bytes[4];
    Word& word = out_.list.back();
    word.text.append(bytes, encode_utf8(folded.first, bytes));
    if (folded.count > 1) word.text.append(bytes, encode_utf8(folded.second, bytes));
    word.end = end;
  }

  bool next_is_letter(std::size_t at) const {
    return at < text_.size() && (is_ascii_letter(text_[at]) || (text_[at] & 0x80) != 0);
  }

  void start(Sort sort, std::size_t begin) {
    if (ended_) {
      ++sentence_;
      ended_ = false;
    }
    Word word;
    word.begin = begin;
    word.sentence = sentence_;
    word.glue = open_ ? '\0' : glue_;
    out_.list.push_back(std::move(word));
    open_ = true;
    sort_ = sort;
  }

  void close() { open_ = false; }

  // What is no word: a space, or something that may end a clause or a sentence.
  void mark(char32_t c, std::size_t end) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    glue_ = space || !open_ ? ' ' : c < 0x80 ? static_cast<char>(c) : ' ';
    open_ = false;
    if (out_.list.empty()) return;
    const bool at_end = end >= text_.size() || is_ascii_space(text_[end]) || text_[end] == '.' ||
                        text_[end] == '!' || text_[end] == '?' || (text_[end] & 0x80) != 0;
    Word& last = out_.list.back();
    if (c == '\n' || c == 0x2026) ended_ = last.ends_clause = true;
    const bool abbreviated = last.glue == '.' && last.text.size() == 1;  // "p.m.", "z.s.m."
    if ((c == '.' && at_end && !abbreviated) || c == '!' || c == '?')
      ended_ = last.ends_clause = true;
    if (c == '?') {
      out_.question.resize(sentence_ + 1);
      out_.question[sentence_] = true;
    }
    if (((c == ',' || c == ':') && at_end) || c == ';' || c == '(' || c == ')' || c == 0x2013 ||
        c == 0x2014)
      last.ends_clause = true;
  }

  std::string_view text_;
  Words out_;
  std::size_t sentence_ = 0;
  bool open_ = false, ended_ = false;
  Sort sort_ = Sort::other;
  char glue_ = ' ';
};

}  // namespace

Words words_of(std::string_view text) {
  return Cutter(text).cut();
}

}  // namespace brandwacht::text
