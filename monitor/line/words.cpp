#include "monitor/line/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace brandwacht::line {
namespace {

bool dutch(DeskLanguage language) {
  return language == DeskLanguage::nl;
}

std::string span(DeskLanguage language, Duration duration) {
  std::string text = format_span(duration);
  if (dutch(language))
    if (const auto hour = text.find(" h"); hour != std::string::npos) text.replace(hour, 2, " u");
  return text;
}

std::string critics(DeskLanguage language, int count) {
  if (dutch(language)) return fmt::format("{} {}", count, count == 1 ? "criticus" : "critici");
  return fmt::format("{} {}", count, count == 1 ? "critic" : "critics");
}

std::string forecast(DeskLanguage language, const thread::Belief& belief) {
  const int percent = static_cast<int>(std::lround(belief.risk * 100));
  const std::string_view unsure = belief.calibrated ? ""
                                  : dutch(language) ? " (niet gekalibreerd)"
                                                    : " (not calibrated)";
  return dutch(language)
             ? fmt::format("{} % kans op nog 30 critici of meer binnen 6 uur{}", percent, unsure)
             : fmt::format("{} % chance of 30 more critics or more within 6 h{}", percent, unsure);
}

std::string joined(DeskLanguage language, const thread::Belief& belief, Time now) {
  const std::string since = span(language, now - belief.first_at);
  return dutch(language) ? fmt::format("{}{} in {}", critics(language, belief.joiners),
                                       belief.saturated ? " of meer" : "", since)
                         : fmt::format("{}{} in {}", critics(language, belief.joiners),
                                       belief.saturated ? " or more" : "", since);
}

std::string acceleration(DeskLanguage language, const thread::Belief& belief) {
  return dutch(language) ? fmt::format("{} nieuwe in de laatste 10 min, {} in de 10 min daarvoor",
                                       belief.joiners_recent, belief.joiners_before)
                         : fmt::format("{} new in the last 10 min, {} in the 10 min before",
                                       belief.joiners_recent, belief.joiners_before);
}

std::string share(DeskLanguage language, const thread::Belief& belief) {
  const int percent = static_cast<int>(std::lround(belief.share * 100));
  return dutch(language) ? fmt::format("ongeveer {} % van de {} deelnemers is negatief", percent,
                                       belief.participants)
                         : fmt::format("about {} % of the {} participants are negative", percent,
                                       belief.participants);
}

std::string pace(DeskLanguage language, const thread::Belief& belief) {
  return dutch(language)
             ? fmt::format("{} in het laatste uur", critics(language, belief.joiners_window))
             : fmt::format("{} in the last hour", critics(language, belief.joiners_window));
}

// What the brand did, if anything.
std::optional<std::string> answer(DeskLanguage language, const Story& story, Time now) {
  if (story.last_official != Time{})
    return dutch(language) ? fmt::format("laatste antwoord van het merk: {} geleden",
                                         span(language, now - story.last_official))
                           : fmt::format("last official reply: {} ago",
                                         span(language, now - story.last_official));
  if (story.first_negative == Time{}) return std::nullopt;
  return dutch(language) ? fmt::format("nog geen antwoord van het merk, al {}",
                                       span(language, now - story.first_negative))
                         : fmt::format("no official reply yet, for {}",
                                       span(language, now - story.first_negative));
}

}  // namespace

std::optional<DeskLanguage> parse_desk_language(std::string_view text) noexcept {
  if (text == "nl") return DeskLanguage::nl;
  if (text == "en") return DeskLanguage::en;
  return std::nullopt;
}

std::string title(DeskLanguage language, std::string_view brand, const thread::Belief& belief,
                  Time now) {
  std::string text = fmt::format("{}: {}", brand, joined(language, belief, now));
  if (belief.joiners_recent > 0)
    text += dutch(language) ? fmt::format(", {} in de laatste 10 min", belief.joiners_recent)
                            : fmt::format(", {} in the last 10 min", belief.joiners_recent);
  return text;
}

std::vector<Reason> reasons(DeskLanguage language, const thread::Belief& belief, const Story* story,
                            Time now) {
  using Kind = thread::RiskTerm::Kind;
  std::vector<Reason> out;
  for (const auto& term : thread::risk_terms(belief)) {
    if (term.kind == Kind::base || std::abs(term.weight) < 0.05) continue;
    switch (term.kind) {
      case Kind::joiners:
        out.push_back({joined(language, belief, now), term.weight});
        break;
      case Kind::pace:
        out.push_back({pace(language, belief), term.weight});
        break;
      case Kind::acceleration:
        out.push_back({acceleration(language, belief), term.weight});
        break;
      case Kind::share:
        out.push_back({share(language, belief), term.weight});
        break;
      case Kind::base:
        break;
    }
  }
  std::ranges::stable_sort(out, [](const Reason& a, const Reason& b) {
    return std::abs(a.weight) > std::abs(b.weight);
  });
  if (out.size() > 4) out.resize(4);
  out.insert(out.begin(), Reason{forecast(language, belief), 0});
  const bool has_share = std::ranges::any_of(
      thread::risk_terms(belief), [](const auto& term) { return term.kind == Kind::share; });
  if (!has_share) out.push_back({share(language, belief), 0});
  if (story != nullptr)
    if (auto text = answer(language, *story, now)) out.push_back({std::move(*text), 0});
  return out;
}

}  // namespace brandwacht::line
