#include "alerting/message_words.hpp"

#include <fmt/format.h>

namespace brandwacht::alerting {
namespace {

bool dutch(std::string_view language) {
  return language == "nl";
}

}  // namespace

std::string_view word_cooling(std::string_view language) noexcept {
  return dutch(language) ? "koelt af" : "cooling";
}
std::string_view word_over(std::string_view language) noexcept {
  return dutch(language) ? "voorbij" : "over";
}
std::string_view word_taken(std::string_view language) noexcept {
  return dutch(language) ? "opgepakt" : "taken";
}
std::string_view word_playbook(std::string_view language) noexcept {
  return dutch(language) ? "Draaiboek" : "Playbook";
}
std::string_view word_acknowledge(std::string_view language) noexcept {
  return dutch(language) ? "Ik neem dit op me" : "I have it";
}
std::string_view word_thread(std::string_view language) noexcept {
  return dutch(language) ? "De draad" : "The thread";
}
std::string_view word_incident(std::string_view language) noexcept {
  return dutch(language) ? "De melding" : "The incident";
}
std::string_view word_advice(std::string_view language) noexcept {
  return dutch(language) ? "Wat nu" : "What now";
}
std::string_view word_reasons(std::string_view language) noexcept {
  return dutch(language) ? "Waarom" : "Why";
}
std::string_view word_posts(std::string_view language) noexcept {
  return dutch(language) ? "Wat mensen schrijven" : "What people write";
}

std::string critics_words(std::string_view language, const Incident& incident) {
  return fmt::format(
      fmt::runtime(dutch(language) ? "{} critici, {} in het laatste uur, {} mensen in totaal"
                                   : "{} critics, {} in the last hour, {} people in all"),
      incident.joiners, incident.joiners_window, incident.participants);
}

std::string risk_words(std::string_view language, const Incident& incident) {
  const double percent = 100 * incident.risk;
  if (dutch(language))
    return fmt::format("kans op een golf van kritiek {:.0f} %{}", percent,
                       incident.calibrated ? "" : " (niet geijkt)");
  return fmt::format("risk of a pile-on {:.0f} %{}", percent,
                     incident.calibrated ? "" : " (not calibrated)");
}

}  // namespace brandwacht::alerting
