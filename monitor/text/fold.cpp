#include "monitor/text/fold.hpp"

#include <cstring>
#include <iterator>

namespace brandwacht::text {
namespace {

// What each code point folds to: the canonical decomposition of Unicode without its marks, in lower
// case, with the crossed letters (ø, ł, đ) taken as their plain ones. \0: dropped. Letters that
// fold to two are in pair_of().
// clang-format off
constexpr char16_t kLatin[] =  // U+00C0 to U+024F
    u"aaaaaaæceeeeiiiidnooooo×ouuuuyþßaaaaaaæceeeeiiiidnooooo÷ouuuuyþy"  // 00C0
    u"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiĳĳjjkkkllllllŀ"  // 0100
    u"ŀllnnnnnnŉnnooooooœœrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"  // 0140
    u"ƀɓƃƃƅƅɔƈƈɖɗƌƌƍǝəɛffɠɣƕɩiƙƙƚƛɯɲƞɵooƣƣƥƥʀƨƨʃƪƫƭƭʈuuʊʋƴƴƶƶʒƹƹƺƻƽƽƾƿ"  // 0180
    u"ǀǁǂǃǆǆǆǉǉǉǌǌǌaaiioouuuuuuuuuuǝaaaaææǥǥggkkooooʒʒjǳǳǳggƕƿnnaaææoo"  // 01C0
    u"aaaaeeeeiiiioooorrrruuuussttȝȝhhƞȡȣȣȥȥaaeeooooooooyyȴȵȶȷȸȹⱥȼȼƚⱦȿ"  // 0200
    u"ɀɂɂƀʉʌɇɇɉɉɋɋɍɍɏɏ";  // 0240
constexpr char16_t kGreekCyrillic[] =  // U+0386 to U+052F
    u"α\u00B7εηι\u038Bο\u038Dυωιαβγδεζηθικλμνξοπρ\u03A2στυφχψωιυαεηιυαβγδεζηθικλμνξοπρ"
    u"σστυ"  // 0386
    u"φχψωιυουωϗϐϑϒϒϒϕϖϗϙϙϛϛϝϝϟϟϡϡϣϣϥϥϧϧϩϩϫϫϭϭϯϯϰϱϲϳθϵ\u03F6ϸϸϲϻϻϼͻͼͽееђгєѕ"  // 03C6
    u"ііјљњћкиуџабвгдежзииклмнопрстуфхцчшщъыьэюяабвгдежзииклмнопрстуфх"  // 0406
    u"цчшщъыьэюяееђгєѕііјљњћкиуџѡѡѣѣѥѥѧѧѩѩѫѫѭѭѯѯѱѱѳѳѵѵѵѵѹѹѻѻѽѽѿѿҁҁ\u0482\0\0\0"  // 0446
    u"\0\0\u0488\u0489ҋҋҍҍҏҏґґғғҕҕҗҗҙҙққҝҝҟҟҡҡңңҥҥҧҧҩҩҫҫҭҭүүұұҳҳҵҵҷҷҹҹһһҽҽҿҿӏжжӄӄӆ"  // 0486
    u"ӆӈӈӊӊӌӌӎӎӏааааӕӕееәәәәжжззӡӡииииооөөөөээууууууччӷӷыыӻӻӽӽӿӿԁԁԃԃԅԅ"  // 04C6
    u"ԇԇԉԉԋԋԍԍԏԏԑԑԓԓԕԕԗԗԙԙԛԛԝԝԟԟԡԡԣԣԥԥԧԧԩԩԫԫԭԭԯԯ";  // 0506
constexpr char16_t kLatinMore[] =  // U+1E00 to U+1EFF
    u"aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"  // 1E00
    u"mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"  // 1E40
    u"wwwwwwwwwwxxxxyyzzzzzzhtwyẚsẜẝßẟaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"  // 1E80
    u"eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỻỽỽỿỿ";  // 1EC0
// clang-format on

static_assert(std::size(kLatin) == 0x250 - 0xC0 + 1);
static_assert(std::size(kGreekCyrillic) == 0x530 - 0x386 + 1);
static_assert(std::size(kLatinMore) == 0x1F00 - 0x1E00 + 1);

Folded one(char32_t c) {
  return {c, 0, 1};
}
Folded two(char32_t a, char32_t b) {
  return {a, b, 2};
}

// Letters that are two letters to a reader.
Folded pair_of(char32_t folded) {
  switch (folded) {
    case U'ß':
      return two('s', 's');
    case U'æ':
      return two('a', 'e');
    case U'œ':
      return two('o', 'e');
    case U'þ':
      return two('t', 'h');
    case U'ĳ':
      return two('i', 'j');
    case U'ǆ':
      return two('d', 'z');
    case U'ǉ':
      return two('l', 'j');
    case U'ǌ':
      return two('n', 'j');
    case U'ŀ':
      return one('l');
    case U'ŉ':
      return one('n');
    default:
      return one(folded);
  }
}

bool is_unicode_space(char32_t c) {
  return c == 0xA0 || c == 0x85 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// Marks, selectors and characters without width: they change how letters look, not which they are.
bool is_dropped(char32_t c) {
  return c == 0xAD || (c >= 0x300 && c <= 0x36F) || (c >= 0x483 && c <= 0x487) || c == 0x61C ||
         (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || (c >= 0x20D0 && c <= 0x20FF) ||
         (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xFE20 && c <= 0xFE2F) || c == 0xFEFF ||
         (c >= 0x1F3FB && c <= 0x1F3FF) || (c >= 0xE0000 && c <= 0xE0FFF);
}

Folded fold_presentation(char32_t c) {
  switch (c) {
    case 0xFB00:
      return two('f', 'f');
    case 0xFB01:
      return two('f', 'i');
    case 0xFB02:
      return two('f', 'l');
    case 0xFB05:
    case 0xFB06:
      return two('s', 't');
    default:
      return one(c);
  }
}

constexpr std::uint64_t kHighBits = 0x8080808080808080;

// Folds eight ASCII bytes at once. Returns 8, or 0 if there are not eight.
std::size_t fold_eight(std::string_view text, char* out) noexcept {
  if (text.size() < 8) return 0;
  std::uint64_t bytes;
  std::memcpy(&bytes, text.data(), 8);
  if ((bytes & kHighBits) != 0) return 0;
  const std::uint64_t from_a = bytes + 0x3F3F3F3F3F3F3F3F;  // high bit: 'A' or above
  const std::uint64_t past_z = bytes + 0x2525252525252525;  // high bit: above 'Z'
  bytes |= (from_a & ~past_z & kHighBits) >> 2;
  std::memcpy(out, &bytes, 8);
  return 8;
}

// The bytes of a valid code point that folds to itself, for the two kinds that are common in posts:
// letters of East Asia (U+3001 to U+D7FF) and emoji. 0: look closer.
std::size_t unfolded(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
  if (at(0) >= 0xE3 && at(0) <= 0xED && text.size() >= 3 && continues(1) && continues(2)) {
    const bool space = at(0) == 0xE3 && at(1) == 0x80 && at(2) == 0x80;
    const bool surrogate = at(0) == 0xED && at(1) >= 0xA0;
    return space || surrogate ? 0 : 3;
  }
  if (at(0) == 0xF0 && text.size() >= 4 && at(1) == 0x9F && continues(2) && continues(3))
    return at(2) == 0x8F ? 0 : 4;  // U+1F3C0 to U+1F3FF has the skin tones
  return 0;
}

}  // namespace

char32_t decode_utf8(std::string_view bytes, std::size_t& size) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(0);
  size = 1;
  if (lead < 0x80) return lead;
  const std::size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < need) return kInvalid;
  char32_t code = lead & (0x7F >> need);
  for (std::size_t i = 1; i < need; ++i) {
    if ((at(i) & 0xC0) != 0x80) return kInvalid;
    code = code << 6 | (at(i) & 0x3F);
  }
  const bool overlong = (need == 3 && code < 0x800) || (need == 4 && code < 0x10000);
  if (overlong || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) return kInvalid;
  size = need;
  return code;
}

std::size_t encode_utf8(char32_t c, char* out) noexcept {
  if (c < 0x80) {
    out[0] = static_cast<char>(c);
    return 1;
  }
  const std::size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (std::size_t i = size - 1; i > 0; --i) {
    out[i] = static_cast<char>(0x80 | (c & 0x3F));
    c >>= 6;
  }
  constexpr unsigned char kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  out[0] = static_cast<char>(kLead[size] | c);
  return size;
}

Folded fold_code_point(char32_t c) noexcept {
  if (c < 0x80) return one(c < 0x80 ? ascii_lower(static_cast<char>(c)) : c);
  if (is_dropped(c)) return {};
  if (c >= 0xC0 && c < 0x250) return pair_of(kLatin[c - 0xC0]);
  if (c >= 0x386 && c < 0x530) return one(kGreekCyrillic[c - 0x386]);
  if (c == 0x1E9E) return two('s', 's');
  if (c >= 0x1E00 && c < 0x1F00) return pair_of(kLatinMore[c - 0x1E00]);
  if (is_unicode_space(c)) return one(' ');
  if (c == kInvalid) return one(1);
  if (c == 0x2018 || c == 0x2019 || c == 0x2BC || c == 0xB4) return one('\'');
  if (c >= 0xFF01 && c <= 0xFF5E) return one(ascii_lower(static_cast<char>(c - 0xFF01 + '!')));
  return fold_presentation(c);
}

std::size_t fold(std::string_view text, char* out) noexcept {
  char* const begin = out;
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t same = fold_eight(text.substr(i), out)) {
      i += same;
      out += same;
    } else if (static_cast<unsigned char>(text[i]) < 0x80) {
      *out++ = ascii_lower(text[i++]);
    } else if (const std::size_t kept = unfolded(text.substr(i))) {
      std::memcpy(out, text.data() + i, kept);
      i += kept;
      out += kept;
    } else {
      std::size_t size = 0;
      const Folded folded = fold_code_point(decode_utf8(text.substr(i, 4), size));
      i += size;
      if (folded.count > 0) out += encode_utf8(folded.first, out);
      if (folded.count > 1) out += encode_utf8(folded.second, out);
    }
  }
  return static_cast<std::size_t>(out - begin);
}

std::string fold(std::string_view text) {
  std::string out(text.size(), '\0');
  out.resize(fold(text, out.data()));
  return out;
}

bool is_ascii(std::string_view text) noexcept {
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    seen |= word;
  }
  for (; i < text.size(); ++i)
    seen |= static_cast<unsigned char>(text[i]);
  return (seen & kHighBits) == 0;
}

bool is_word(char32_t c) noexcept {
  if (c < 0x80) return is_ascii_word(static_cast<char>(c));
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
  if (c == 0xD7 || c == 0xF7 || c == 0x37E || c == 0x387 || c == kInvalid) return false;
  if (c < 0x250) return true;
  if ((c >= 0x2B9 && c <= 0x2FF) || (c >= 0x55A && c <= 0x55F) || c == 0x589) return false;
  if (c == 0x5BE || c == 0x5C0 || c == 0x5C3 || c == 0x60C || c == 0x61B || c == 0x61F)
    return false;
  if ((c >= 0x66A && c <= 0x66D) || c == 0x6D4 || c == 0x964 || c == 0x965) return false;
  // General punctuation, symbols, arrows, dingbats; CJK punctuation; private use; presentation
  // punctuation.
  if ((c >= 0x2000 && c <= 0x2BFF) || (c >= 0x2E00 && c <= 0x2E7F)) return false;
  if ((c >= 0x3000 && c <= 0x3004) || (c >= 0x3008 && c <= 0x3020) || c == 0x30FB) return false;
  if ((c >= 0xD800 && c <= 0xF8FF) || (c >= 0xFE10 && c <= 0xFE6F)) return false;
  if ((c >= 0xFF00 && c <= 0xFF0F) || (c >= 0xFF5F && c <= 0xFF65) || c >= 0xFFE0) {
    // Emoji and other pictures live between U+1F000 and U+1FAFF; letters of old scripts and rare
    // Han around them.
    return c >= 0x10000 &&
           (c < 0x1D000 || (c >= 0x1E000 && c < 0x1F000) || (c >= 0x20000 && c < 0xE0000));
  }
  return true;
}

bool is_spaceless(char32_t c) noexcept {
  return (c >= 0xE00 && c <= 0xEFF) || (c >= 0x1000 && c <= 0x109F) ||
         (c >= 0x1100 && c <= 0x11FF) || (c >= 0x1780 && c <= 0x17FF) ||
         (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFFDC) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

}  // namespace brandwacht::text
