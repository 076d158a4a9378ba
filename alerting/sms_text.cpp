#include "alerting/sms_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "alerting/json.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kSeptets = 160, kSeptetsOfMany = 153;
constexpr std::size_t kUnits = 70, kUnitsOfMany = 67;

// 3GPP TS 23.038, beyond ASCII.
constexpr std::u32string_view kBasic = U"£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
constexpr std::u32string_view kEscaped = U"^{}\\[~]|€";

constexpr std::array<std::pair<char32_t, std::string_view>, 70> kOtherForms{
    {{U'…', "..."},    {U'‘', "'"},      {U'’', "'"},     {U'‚', "'"},  {U'“', "\""}, {U'”', "\""},
     {U'„', "\""},     {U'«', "\""},     {U'»', "\""},    {U'–', "-"},  {U'—', "-"},  {U'−', "-"},
     {U'•', "-"},      {U'·', "-"},      {U'×', "x"},     {U'≥', ">="}, {U'≤', "<="}, {U'`', "'"},
     {U'\u00A0', " "}, {U'\u202F', " "}, {U'\u200B', ""}, {U'\t', " "}, {U'á', "a"},  {U'â', "a"},
     {U'ã', "a"},      {U'ç', "c"},      {U'ê', "e"},     {U'ë', "e"},  {U'í', "i"},  {U'î', "i"},
     {U'ï', "i"},      {U'ó', "o"},      {U'ô', "o"},     {U'õ', "o"},  {U'ú', "u"},  {U'û', "u"},
     {U'ý', "y"},      {U'ÿ', "y"},      {U'Á', "A"},     {U'À', "A"},  {U'Â', "A"},  {U'Ã', "A"},
     {U'Ê', "E"},      {U'Ë', "E"},      {U'È', "E"},     {U'Í', "I"},  {U'Ì', "I"},  {U'Î', "I"},
     {U'Ï', "I"},      {U'Ó', "O"},      {U'Ò', "O"},     {U'Ô', "O"},  {U'Õ', "O"},  {U'Ú', "U"},
     {U'Ù', "U"},      {U'Û', "U"},      {U'Ý', "Y"},     {U'š', "s"},  {U'Š', "S"},  {U'ž', "z"},
     {U'Ž', "Z"},      {U'ł', "l"},      {U'ş', "s"},     {U'ğ', "g"},  {U'ı', "i"},  {U'œ', "oe"},
     {U'Œ', "OE"},     {U'°', " gr."},   {U'‑', "-"},     {U'´', "'"}}};

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
};

// Text that is no UTF-8 reads as one letter a byte; it is made valid before.
CodePoint first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes == 1 || lead < 0xC0 || bytes > text.size()) return {lead, 1};
  char32_t value = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i)
    value = (value << 6) | (byte(i) & 0x3FU);
  return {value, bytes};
}

// Septets of one letter; nullopt: not in the alphabet.
std::optional<std::size_t> septets(char32_t letter) {
  if (kEscaped.find(letter) != std::u32string_view::npos) return 2;
  if (letter == U'`') return {};
  if (letter == U'\n' || letter == U'\r' || (letter >= 0x20 && letter < 0x7F)) return 1;
  return kBasic.find(letter) != std::u32string_view::npos ? std::optional<std::size_t>(1)
                                                          : std::nullopt;
}

// Letters of these widths packed into segments without tearing one.
std::size_t pack(const std::vector<std::size_t>& widths, std::size_t one, std::size_t of_many) {
  std::size_t sum = 0;
  for (const auto width : widths)
    sum += width;
  if (sum <= one) return sum == 0 ? 0 : 1;
  std::size_t out = 1, used = 0;
  for (const auto width : widths) {
    if (used + width > of_many) {
      ++out;
      used = 0;
    }
    used += width;
  }
  return out;
}

std::string joined(std::string_view headline, const SmsParts& parts, std::size_t lines) {
  std::string out(headline);
  for (std::size_t i = 0; i < lines; ++i)
    out += "\n" + parts.lines[i];
  for (const auto& line : parts.tail)
    out += "\n" + line;
  return sms_plain(out);
}

}  // namespace

std::size_t sms_segments(std::string_view text) {
  std::vector<std::size_t> narrow, wide;
  bool gsm = true;
  while (!text.empty()) {
    const CodePoint letter = first_of(text);
    text.remove_prefix(letter.bytes);
    const auto width = septets(letter.value);
    gsm = gsm && width;
    if (gsm) narrow.push_back(*width);
    wide.push_back(letter.value > 0xFFFF ? 2 : 1);
  }
  return gsm ? pack(narrow, kSeptets, kSeptetsOfMany) : pack(wide, kUnits, kUnitsOfMany);
}

std::string sms_plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint letter = first_of(text);
    const auto* other = std::find_if(kOtherForms.begin(), kOtherForms.end(),
                                     [&](const auto& form) { return form.first == letter.value; });
    out += other == kOtherForms.end() ? text.substr(0, letter.bytes) : other->second;
    text.remove_prefix(letter.bytes);
  }
  return out;
}

std::string sms_fit(const SmsParts& parts, std::size_t segments) {
  const auto fits = [&](const std::string& text) { return sms_segments(text) <= segments; };
  for (std::size_t lines = parts.lines.size() + 1; lines-- > 0;)
    if (std::string out = joined(parts.headline, parts, lines); fits(out)) return out;
  for (const std::size_t length : {200, 150, 120, 90, 60, 40, 20})
    if (std::string out = joined(cut_code_points(parts.headline, length), parts, 0); fits(out))
      return out;
  return joined(cut_code_points(parts.headline, 20), parts, 0);
}

}  // namespace brandwacht::alerting
