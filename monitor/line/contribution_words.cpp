#include "monitor/line/contribution_words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace brandwacht::line {
namespace {

using thread::Feature;

// What a feature means when it raises the risk and when it lowers it; "{}" is its value in per
// cent. In the order of Feature; those that are said with counts are empty.
struct Phrase {
  const char *nl_up, *nl_down, *en_up, *en_down;
};

Phrase phrase(Feature feature) {
  switch (feature) {
    case Feature::forecast:
      return {"reacties trekken nieuwe reacties aan", "reacties trekken weinig nieuwe reacties aan",
              "replies are drawing new replies", "replies are drawing few new ones"};
    case Feature::activity:
      return {"er komen drukke uren aan", "er komen rustige uren aan", "busy hours are ahead",
              "quiet hours are ahead"};
    case Feature::spread:
      return {"veel mensen met elk een enkel bericht", "een paar mensen schrijven veel berichten",
              "many people with a single post each", "a few people write many posts"};
    case Feature::top_writer:
      return {"de drukste schrijver schreef {} % van de berichten",
              "de drukste schrijver schreef {} % van de berichten",
              "the busiest author wrote {} % of the posts",
              "the busiest author wrote {} % of the posts"};
    case Feature::newcomers:
      return {"{} % van de critici schreef niet eerder over dit merk",
              "{} % van de critici schreef niet eerder over dit merk",
              "{} % of the critics never wrote about this brand before",
              "{} % of the critics never wrote about this brand before"};
    case Feature::talk:
      return {"{} % van de kritiek antwoordt op andere critici",
              "{} % van de kritiek antwoordt op andere critici",
              "{} % of the criticism answers other critics",
              "{} % of the criticism answers other critics"};
    case Feature::quoting:
      return {"{} % van de berichten kwam via een citaat: het verspreidt zich",
              "{} % van de berichten kwam via een citaat",
              "{} % of the posts came by a quote: it spreads", "{} % of the posts came by a quote"};
    case Feature::arousal:
      return {"de toon is boos ({} %)", "de toon is rustig ({} % boos)", "the tone is angry ({} %)",
              "the tone is calm ({} % angry)"};
    case Feature::first_person:
      return {"het gaat steeds minder over eigen ervaringen", "het gaat over eigen ervaringen",
              "it is less and less about people's own cases", "it is about people's own cases"};
    case Feature::they:
      return {"er wordt over het bedrijf gepraat, niet ermee", "er wordt tegen het bedrijf gepraat",
              "people talk about the company, not to it", "people talk to the company"};
    case Feature::action:
      return {"critici roepen anderen op iets te doen ({} %)", "bijna niemand roept anderen op",
              "critics call on others to act ({} %)", "hardly anybody calls on others"};
    case Feature::addressed:
      return {"het eerste bericht spreekt een account aan",
              "het eerste bericht spreekt een account aan", "the first post addresses an account",
              "the first post addresses an account"};
    case Feature::link:
      return {"het eerste bericht heeft een link", "het eerste bericht heeft een link",
              "the first post has a link", "the first post has a link"};
    case Feature::concrete:
      return {"de klacht is concreet ({} %)", "de klacht is weinig concreet ({} %)",
              "the complaint is concrete ({} %)", "the complaint is hardly concrete ({} %)"};
    case Feature::root:
      return {"het eerste bericht is negatief ({} %)",
              "het eerste bericht is niet zo negatief ({} %)", "the first post is negative ({} %)",
              "the first post is hardly negative ({} %)"};
    case Feature::surge:
      return {"het merk krijgt meer kritiek dan gewoonlijk", "het merk krijgt weinig kritiek",
              "the brand gets more criticism than usual", "the brand gets little criticism"};
    case Feature::copies:
      return {"{} % van de critici schreef vrijwel hetzelfde",
              "{} % van de critici schreef vrijwel hetzelfde",
              "{} % of the critics wrote nearly the same",
              "{} % of the critics wrote nearly the same"};
    default:
      return {};
  }
}

std::string in_last(DeskLanguage language, const thread::Belief& belief) {
  return dutch(language)
             ? fmt::format("{} in de laatste 10 min", critics(language, belief.joiners_recent))
             : fmt::format("{} in the last 10 min", critics(language, belief.joiners_recent));
}

}  // namespace

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

std::string joined(DeskLanguage language, const thread::Belief& belief, Time now) {
  const std::string since = span(language, now - belief.first_at);
  return dutch(language) ? fmt::format("{}{} in {}", critics(language, belief.joiners),
                                       belief.saturated ? " of meer" : "", since)
                         : fmt::format("{}{} in {}", critics(language, belief.joiners),
                                       belief.saturated ? " or more" : "", since);
}

std::string contribution_words(DeskLanguage language, const thread::Contribution& what,
                               const thread::Belief& belief, Time now) {
  const bool nl = dutch(language);
  switch (what.feature) {
    case Feature::joiners:
      return joined(language, belief, now);
    case Feature::fast:
    case Feature::recent:
      return in_last(language, belief);
    case Feature::slow:
      return nl ? fmt::format("{} in het laatste uur", critics(language, belief.joiners_window))
                : fmt::format("{} in the last hour", critics(language, belief.joiners_window));
    case Feature::acceleration:
      return nl ? fmt::format("{} nieuwe in de laatste 10 min, {} in de 10 min daarvoor",
                              belief.joiners_recent, belief.joiners_before)
                : fmt::format("{} new in the last 10 min, {} in the 10 min before",
                              belief.joiners_recent, belief.joiners_before);
    case Feature::age:
      return nl ? fmt::format("de draad is {} oud", span(language, now - belief.first_at))
                : fmt::format("the thread is {} old", span(language, now - belief.first_at));
    case Feature::pause:
      return nl ? fmt::format("laatste criticus {} geleden",
                              span(language, now - belief.last_critic_at))
                : fmt::format("last critic {} ago", span(language, now - belief.last_critic_at));
    default:
      break;
  }
  const Phrase words = phrase(what.feature);
  const bool up = what.weight > 0;
  const char* text = nl ? (up ? words.nl_up : words.nl_down) : (up ? words.en_up : words.en_down);
  if (text == nullptr) return std::string(thread::to_string(what.feature));
  const double value = static_cast<double>(belief.features[static_cast<std::size_t>(what.feature)]);
  return fmt::format(fmt::runtime(text), std::lround(100 * value));
}

}  // namespace brandwacht::line
