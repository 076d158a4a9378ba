#include "monitor/text/redact.hpp"

#include "monitor/text/harmless.hpp"
#include "monitor/text/private_data.hpp"

namespace brandwacht::text {

std::string redact(std::string_view text) {
  const std::string harmless = make_harmless(text).text;
  std::string out;
  out.reserve(harmless.size());
  std::size_t done = 0;
  for (const PrivateData& found : find_private(harmless)) {
    out.append(harmless, done, found.begin - done);
    out += '[';
    out += to_string(found.kind);
    out += ']';
    done = found.end;
  }
  return out.append(harmless, done);
}

std::string redact(std::string_view text, std::size_t code_points) {
  std::string out = redact(text);
  std::size_t points = 0, cut = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if ((static_cast<unsigned char>(out[i]) & 0xC0) == 0x80) continue;
    if (points + 1 == code_points) cut = i;
    if (++points <= code_points) continue;
    out.resize(cut);
    if (code_points > 0) out += "…";
    break;
  }
  return out;
}

}  // namespace brandwacht::text
