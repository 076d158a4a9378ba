#include "monitor/line/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "monitor/line/contribution_words.hpp"

namespace brandwacht::line {
namespace {

std::string forecast(DeskLanguage language, const thread::Belief& belief) {
  const int percent = static_cast<int>(std::lround(belief.risk * 100));
  const std::string_view unsure = belief.calibrated ? ""
                                  : dutch(language) ? " (niet gekalibreerd)"
                                                    : " (not calibrated)";
  return dutch(language)
             ? fmt::format("{} % kans op nog 30 critici of meer binnen 6 uur{}", percent, unsure)
             : fmt::format("{} % chance of 30 more critics or more within 6 h{}", percent, unsure);
}

std::string share(DeskLanguage language, const thread::Belief& belief) {
  const int percent = static_cast<int>(std::lround(belief.share * 100));
  return dutch(language) ? fmt::format("ongeveer {} % van de {} deelnemers is negatief", percent,
                                       belief.participants)
                         : fmt::format("about {} % of the {} participants are negative", percent,
                                       belief.participants);
}

std::string coordinated(DeskLanguage language, const thread::Belief& belief) {
  return dutch(language)
             ? fmt::format("lijkt gecoördineerd: {} van de {} critici schreven vrijwel hetzelfde",
                           belief.copies, belief.joiners)
             : fmt::format("looks coordinated: {} of the {} critics wrote nearly the same",
                           belief.copies, belief.joiners);
}

// Sarcasm, mixed language, emoji only: shown as what it is, in fractions.
std::string unsure(DeskLanguage language, const thread::Belief& belief) {
  return dutch(language)
             ? fmt::format("{} van de {} berichten zijn onzeker; naar verwachting {:.1f} negatief",
                           belief.unsure_posts, belief.posts, belief.unsure_negative)
             : fmt::format("{} of the {} posts are uncertain; {:.1f} of them negative by chance",
                           belief.unsure_posts, belief.posts, belief.unsure_negative);
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

std::vector<Reason> reasons(DeskLanguage language, const thread::Belief& belief,
                            const thread::Calibration& calibration, const Story* story, Time now) {
  constexpr std::size_t kShown = 4;
  constexpr double kLeast = 0.05;  // log odds; less says nothing
  constexpr int kUnsureShown = 3;
  std::vector<Reason> out{{forecast(language, belief), 0}};
  bool share_said = false;
  for (const auto& [feature, weight] : thread::contributions(calibration, belief.features)) {
    if (out.size() > kShown || std::abs(weight) < kLeast) break;
    const bool of_share =
        feature == thread::Feature::share || feature == thread::Feature::share_low;
    if (of_share && std::exchange(share_said, true)) continue;
    std::string text = of_share ? share(language, belief)
                                : contribution_words(language, {feature, weight}, belief, now);
    out.push_back({std::move(text), weight});
  }
  const auto has = [&](const std::string& text) {
    return std::ranges::any_of(out, [&](const Reason& reason) { return reason.text == text; });
  };
  // The plain count is the baseline and the fallback: it stands on every page.
  if (auto count = joined(language, belief, now); !has(count)) out.push_back({std::move(count), 0});
  if (!share_said) out.push_back({share(language, belief), 0});
  if (belief.copies >= 3) out.push_back({coordinated(language, belief), 0});
  if (belief.unsure_posts >= kUnsureShown) out.push_back({unsure(language, belief), 0});
  if (story != nullptr)
    if (auto text = answer(language, *story, now)) out.push_back({std::move(*text), 0});
  return out;
}

}  // namespace brandwacht::line
