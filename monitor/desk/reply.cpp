#include "monitor/desk/reply.hpp"

#include <algorithm>
#include <string>

#include "monitor/desk/phrases.hpp"
#include "monitor/text/private_data.hpp"
#include "monitor/text/reply_check.hpp"
#include "monitor/text/simhash.hpp"

namespace brandwacht::desk {
namespace {

using text::PrivateKind;

constexpr std::array kKinds{PrivateKind::phone, PrivateKind::iban,     PrivateKind::card,
                            PrivateKind::bsn,   PrivateKind::postcode, PrivateKind::email,
                            PrivateKind::order, PrivateKind::customer};

text::DeskDay desk_day(const Settings& settings) {
  text::DeskDay day;
  day.calendar = settings.calendar;
  if (const auto& monday = settings.hours.week[0]; !monday.empty()) {
    day.opens = monday.front().from;
    day.closes = std::min<Duration>(monday.back().to, std::chrono::hours{24});
  }
  return day;
}

}  // namespace

Reply read_reply(std::string_view text, std::string_view lang, Time at, const Settings& settings) {
  const text::ReplyCheck check = text::check_reply(text, at, desk_day(settings), lang);
  Reply out;
  out.print = text::simhash(text);
  out.says_why = text::removal_reason(text).has_value();
  const bool known = check.holding || check.contact || check.apology || check.promise.by ||
                     check.move_to_private || check.follow_up;
  out.read = check.language != text::Language::other || known;
  if (!out.read) return out;
  out.holding = check.holding || check.contact || check.promise.by.has_value();
  out.move_to_private = check.move_to_private;
  out.only_invites = check.only_invites();
  out.answers = check.substantive() && !check.holding && !check.contact && !check.promise.by;
  out.compensation = check.compensation;
  out.follow_up = check.follow_up;
  out.promised_by = check.promise.by;
  out.without_time = out.holding && !out.promised_by;
  return out;
}

bool accepts_private(std::string_view text) {
  return shipped_phrases().holds("accepts", plain_words(text));
}

bool says_solved(std::string_view text) {
  return shipped_phrases().holds("thanks", plain_words(text));
}

bool objects_to_removal(std::string_view text) {
  return text::objects_to_deletion(text);
}

std::uint32_t private_kinds(std::string_view text) {
  std::uint32_t out = 0;
  const bool may = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }) >= 4 ||
                   text.find('@') != std::string_view::npos;
  if (may)
    for (const auto& found : text::find_private(text))
      out |= 1U << static_cast<unsigned>(found.kind);
  if (text.find('[') != std::string_view::npos)
    for (const PrivateKind kind : kKinds)
      if (text.find("[" + std::string(text::to_string(kind)) + "]") != std::string_view::npos)
        out |= 1U << static_cast<unsigned>(kind);
  return out;
}

}  // namespace brandwacht::desk
