#include "monitor/text/promise.hpp"

namespace brandwacht::text {

std::string_view to_string(Vague vague) noexcept {
  switch (vague) {
    case Vague::none:
      return "none";
    case Vague::soon:
      return "soon";
    case Vague::amount:
      return "amount";
    case Vague::hour:
      return "hour";
    case Vague::weekday:
      return "weekday";
    case Vague::date:
      return "date";
    case Vague::window:
      return "window";
    case Vague::past:
      return "past";
  }
  return "";
}

Promise find_promise(std::string_view text, Time now, const DeskDay& desk, Language) {
  // "binnen 2 uur", "within 2 hours" and "voor 17:00" until the lists are there.
  Promise out;
  for (const std::string_view word : {"binnen ", "within "})
    if (const auto at = text.find(word); at != std::string_view::npos) {
      const std::size_t digit = at + word.size();
      if (digit < text.size() && text[digit] >= '1' && text[digit] <= '9')
        return {now + std::chrono::hours{text[digit] - '0'}, Vague::none, at, digit + 1};
    }
  if (const auto at = text.find("voor 17:00"); at != std::string_view::npos)
    return {desk.calendar.zone.at(desk.calendar.zone.local(now).day, std::chrono::hours{17}),
            Vague::none, at, at + 10};
  for (const std::string_view word : {"z.s.m", "zo snel mogelijk", "as soon as possible"})
    if (const auto at = text.find(word); at != std::string_view::npos)
      return {std::nullopt, Vague::soon, at, at + word.size()};
  return out;
}

}  // namespace brandwacht::text
