#include "monitor/text/signature.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "monitor/text/fold.hpp"

namespace brandwacht::text {
namespace {

constexpr std::size_t kLongest = 5;  // words of a name

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> any) {
  return std::ranges::find(any, text) != any.end();
}

struct Reader {
  std::string_view text;
  const std::vector<Word>& words;

  std::string_view raw(std::size_t i) const {
    return text.substr(words[i].begin, words[i].end - words[i].begin);
  }
  // Begins with a capital of any script that has them.
  bool capital(std::size_t i) const {
    const std::string_view word = raw(i);
    std::size_t size = 0;
    const char32_t c = decode_utf8(word.substr(0, 4), size);
    if (c < 0x80) return c >= 'A' && c <= 'Z';
    return (c >= 0xC0 && c <= 0xDE) || (c >= 0x100 && c <= 0x17F && (c & 1) == 0) ||
           (c >= 0x391 && c <= 0x42F);
  }
  bool letters(std::size_t i) const {
    std::size_t size = 0;
    return is_word(decode_utf8(std::string_view(words[i].text).substr(0, 4), size)) &&
           !is_ascii_digit(words[i].text[0]);
  }
  // Kisses, emoji and hashtags close a reply without being its name.
  bool ornament(std::size_t i) const {
    return !letters(i) || is_one_of(words[i].text, {"x", "xx", "xxx"}) || before(i) == '#';
  }
  // What stands right before a word, blanks left out.
  char before(std::size_t i) const {
    std::size_t at = words[i].begin;
    while (at > 0 && text[at - 1] == ' ')
      --at;
    return at > 0 ? text[at - 1] : '\0';
  }
  char joined_before(std::size_t i) const {
    return words[i].begin > 0 ? text[words[i].begin - 1] : '\0';
  }
  bool blank_before_mark(std::size_t i) const {  // " -Anna" and not "e-mail"
    std::size_t at = words[i].begin;
    while (at > 0 && text[at - 1] == ' ')
      --at;
    return at < 2 || is_ascii_space(text[at - 2]) || text[at - 2] == '.' || text[at - 2] == '!';
  }

  // "De redactie", "The Brewer family".
  bool group(std::size_t begin, std::size_t end) const {
    return end - begin >= 2 && end - begin <= 3 &&
           is_one_of(words[begin].text, {"de", "het", "the", "team", "onze", "your", "our"}) &&
           is_one_of(words[end - 1].text,
                     {"redactie", "directie", "webcare", "team", "familie", "family", "crew",
                      "staff", "editors", "moderators", "klantenservice", "support", "bestuur"});
  }

  // "Jan van der Berg", "Petra van de schadeafdeling", but not "Check je DM".
  bool like_a_name(std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin + 1; i < end && !ornament(i); ++i) {
      if (text.substr(words[i - 1].end, words[i].begin - words[i - 1].end)
              .find_first_of(",(|/@\n") != std::string_view::npos)
        break;
      if (is_one_of(words[i].text, {"van", "from", "of", "bij", "at", "namens"}) && i > begin)
        break;
      if (!capital(i) && !is_one_of(words[i].text, {"de", "der", "den", "el", "en", "and", "von"}))
        return false;
    }
    return true;
  }

  // Words [begin, end) as a name: up to the comma, without "van de schadeafdeling".
  std::string name(std::size_t begin, std::size_t end, bool small = false) const {
    std::size_t last = begin;
    for (std::size_t i = begin; i < end && i < begin + kLongest; ++i) {
      if (ornament(i)) break;
      if (i > begin && text.substr(words[i - 1].end, words[i].begin - words[i - 1].end)
                               .find_first_of(",(|/@\n") != std::string_view::npos)
        break;
      if (i == begin || small || capital(i)) last = i + 1;
    }
    if (last == begin) return {};
    return std::string(text.substr(words[begin].begin, words[last - 1].end - words[begin].begin));
  }
};

bool is_title(std::string_view word) {
  return is_one_of(word,
                   {"dr", "mw", "mevr", "dhr", "ir", "mr", "mrs", "ms", "prof", "drs", "ing"});
}

// Words that stand alone behind the last sentence and are nobody.
bool is_nobody(std::string_view word) {
  return is_one_of(
      word, {"dank",   "bedankt",      "dankjewel",  "succes",  "sterkte",  "thanks",   "thank",
             "cheers", "sorry",        "excuses",    "top",     "fijn",     "prettige", "fijne",
             "tot",    "alvast",       "groet",      "groeten", "groetjes", "regards",  "love",
             "dm",     "https",        "http",       "www",     "have",     "take",     "enjoy",
             "we",     "wij",          "ik",         "je",      "u",        "the",      "de",
             "het",    "een",          "dat",        "dit",     "that",     "this",     "it",
             "hier",   "here",         "ja",         "nee",     "yes",      "no",       "ok",
             "oke",    "please",       "graag",      "meer",    "more",     "info",     "stuur",
             "send",   "bel",          "call",       "kind",    "best",     "good",     "mvg",
             "met",    "vriendelijke", "hartelijke", "warm",    "veel",     "apart",    "just",
             "what",   "wat",          "for",        "voor",    "of",       "or",       "maar",
             "but",    "en",           "and",        "is",      "zo"});
}

// The last word of a closing formula that stands near the end; nullopt-like: words.size().
std::size_t behind_closing(const Words& words, const PhraseLists& lists) {
  std::size_t out = 0;
  for (const Phrases* list : {&lists.replies_nl, &lists.replies_en})
    for (const auto& match : list->find(words, "closing"))
      if (match.end + kLongest + 3 >= words.list.size()) out = std::max(out, match.end);
  return out;
}

}  // namespace

std::string signature_of(std::string_view text, const Words& all, const PhraseLists& lists) {
  const std::vector<Word>& words = all.list;
  const Reader reader{text, words};
  std::size_t end = words.size();
  while (end > 0 && reader.ornament(end - 1))
    --end;
  if (end == 0) return {};
  // "^Anna", "- Anna", "/Anna": a mark with nothing but a name behind it.
  for (std::size_t behind = end; behind > 0 && behind - 1 + kLongest >= end; --behind) {
    const std::size_t i = behind - 1;
    const char mark = reader.before(i);
    const bool dash = (mark == '-' || mark == '/' || mark == '~' || mark == '*') &&
                      reader.blank_before_mark(i) && reader.capital(i);
    if (mark == '^' || dash) return reader.name(i, end, mark == '^');
    // En and em dash: three bytes that end in 0x93 or 0x94.
    if ((mark == '\x93' || mark == '\x94') && reader.capital(i) && end - i <= 3)
      return reader.name(i, end);
  }
  std::size_t from = behind_closing(all, lists);
  if (from > 0 && from < end && end - from <= kLongest + 3) {
    if (is_one_of(words[from].text, {"van", "from", "namens"}) && from + 1 < end) ++from;
    if (reader.group(from, end)) return reader.name(from, end, true);
    if (reader.capital(from) || end - from == 1)
      if (!is_nobody(words[from].text)) return reader.name(from, end);
    return {};
  }
  // "... terug. Noor": a few words behind the last sentence, the first a name.
  std::size_t begin = end;
  while (begin > 0) {
    const std::size_t i = begin - 1;
    const bool breaks =
        begin < end &&
        text.substr(words[i].end, words[begin].begin - words[i].end).find_first_of(".!?\n") !=
            std::string_view::npos;
    const bool after_emoji = begin < end && !reader.letters(i);
    if ((breaks && !is_title(words[i].text)) || after_emoji) break;
    --begin;
  }
  while (begin < end && reader.ornament(begin))
    ++begin;
  if (begin == 0 || end - begin > kLongest || begin == end) return {};
  const std::string_view tail = text.substr(words[end - 1].end);
  if (tail.find_first_of(".!?") != std::string_view::npos) return {};
  if (reader.capital(begin) && reader.group(begin, end)) return reader.name(begin, end, true);
  if (!reader.capital(begin) || is_nobody(words[begin].text) || !reader.like_a_name(begin, end))
    return {};
  return reader.name(begin, end);
}

}  // namespace brandwacht::text
