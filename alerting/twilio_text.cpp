// What a text message and a call say.
#include <fmt/format.h>

#include "alerting/message.hpp"
#include "alerting/mime.hpp"
#include "alerting/sms_codes.hpp"
#include "alerting/sms_text.hpp"
#include "alerting/twilio.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kLongestScript = 4000;
constexpr std::size_t kSpokenReasons = 3;

bool answerable(const Page& page) {
  return page.action == Action::trigger && page.event != IncidentEventKind::cool;
}

// What to do comes before why.
std::vector<std::string> lines_of(const Page& page, std::size_t most) {
  std::vector<std::string> out;
  const auto readable = [](std::string_view text) { return one_line(valid_utf8(text), 200); };
  if (!page.note.empty()) out.push_back(readable(page.note));
  for (const auto& line : page.incident.advice.lines)
    out.push_back(readable(line));
  for (const auto& reason : page.incident.reasons)
    out.push_back("- " + readable(reason.text));
  if (out.size() > most) out.resize(most);
  return out;
}

std::string title_of(const Page& page, const TwilioWords& words) {
  return valid_utf8(headline(page, words.dutch ? "nl" : "en"));
}

std::string spoken(const Page& page, const TwilioWords& words, std::size_t lines,
                   std::size_t length) {
  std::string out = "Brandwacht. " + cut_code_points(title_of(page, words), length) + ".";
  if (page.action == Action::trigger)
    for (auto& line : lines_of(page, lines))
      out += " " + cut_code_points(line.starts_with("- ") ? line.substr(2) : line, 150) + ".";
  return xml_escaped(one_line(out, 2000));
}

std::string script(const TwilioWords& words, bool asks, const std::string& said) {
  const std::string_view voice = words.dutch ? "nl-NL" : "en-GB";
  const auto say = [&](std::string_view text) {
    return fmt::format("<Say language=\"{}\">{}</Say>", voice, text);
  };
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";
  if (!asks) return out + say(said) + "<Pause length=\"1\"/>" + say(said) + "</Response>";
  const std::string keys =
      say(words.dutch ? "Druk 4 als u het oppakt, 5 voor de volgende collega, 6 als het voorbij is."
                      : "Press 4 to take it, 5 for the next colleague, 6 when it is over.");
  out += fmt::format(
      "<Gather numDigits=\"1\" timeout=\"10\" method=\"POST\" action=\"{}\">{}{}<Pause "
      "length=\"1\"/>{}{}</Gather>",
      xml_escaped(words.action), say(said), keys, say(said), keys);
  return out + "</Response>";
}

}  // namespace

std::string twilio_sms_body(const TwilioSettings& settings, const Page& page,
                            const TwilioWords& words) {
  SmsParts parts;
  parts.headline = title_of(page, words);
  if (page.action == Action::trigger) parts.lines = lines_of(page, 5);
  if (!words.link.empty()) parts.tail.push_back(words.link);
  if (answerable(page)) {
    const int code = sms_code(page.incident.id);
    parts.tail.push_back(words.dutch
                             ? fmt::format("Antwoord {0}a = ik pak het op, {0}c = voorbij", code)
                             : fmt::format("Reply {0}a to take it, {0}c when over", code));
  }
  return sms_fit(parts, settings.segments);
}

std::string twilio_call_script(const Page& page, const TwilioWords& words) {
  const bool asks = answerable(page) && !words.action.empty();
  for (std::size_t lines = kSpokenReasons + 1; lines-- > 0;)
    if (auto out = script(words, asks, spoken(page, words, lines, 300));
        out.size() <= kLongestScript)
      return out;
  return script(words, asks, spoken(page, words, 0, 60));
}

}  // namespace brandwacht::alerting
