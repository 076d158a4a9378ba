// What the line says of an incident: its numbers, its words, its evidence and its threads.
#include <algorithm>

#include "monitor/line/contribution_words.hpp"
#include "monitor/line/line.hpp"

namespace brandwacht::line {

Incident Line::describe(const Said& said, const thread::Belief& belief,
                        const thread::DecisionState& state, Time now) const {
  Incident incident;
  incident.thread_key = said.incident;
  incident.episode = std::max<int>(state.episode, 1);
  incident.id = incident_id(said.incident, incident.episode);
  incident.brand = settings_.brands[said.brand].name;
  incident.tier = said.decision.tier;
  incident.state = state.state;
  incident.first_at = belief.first_at;
  incident.opened_at = state.opened_at == Time{} ? now : state.opened_at;
  incident.updated_at = now;
  incident.risk = belief.risk;
  incident.calibrated = belief.calibrated;
  incident.joiners = belief.joiners;
  incident.joiners_window = belief.joiners_window;
  incident.participants = belief.participants;
  const auto story = stories_.find(said.incident);
  if (story) {
    incident.platform = story->platform;
    incident.thread = story->root_id;
    incident.url = story->root_url;
    incident.evidence = story->evidence;
    if (!story->evidence.empty())
      incident.language = to_string(text::score(story->evidence.front().text).language);
  }
  incident.title = title(settings_.language, incident.brand, belief, now);
  // What the desk did or left undone is the news, not the crowd.
  if (thread::of_desk(said.decision.why))
    if (const auto why = why_words(settings_.language, said.decision))
      incident.title = incident.brand + ": " + *why;
  incident.reasons = reasons(settings_.language, belief, table_.model().of(thread::Horizon::page),
                             story ? &*story : nullptr, now);
  add_unanswered(incident, now);
  add_around(said, incident);
  incident.advice = advice(said, incident, &belief, now);
  return incident;
}

Incident Line::describe_surge(const Said& said, const Group& group, Time now) const {
  constexpr std::size_t kShown = 4;  // threads, by their root and strongest critic
  Incident incident;
  incident.surge = true;
  incident.thread_key = said.incident;
  incident.episode = std::max<int>(group.state.episode, 1);
  incident.id = incident_id(said.incident, incident.episode);
  incident.brand = settings_.brands[said.brand].name;
  incident.tier = said.decision.tier;
  incident.state = group.state.state;
  incident.first_at = group.since;
  incident.opened_at = group.state.opened_at == Time{} ? now : group.state.opened_at;
  incident.updated_at = now;
  incident.joiners = incident.joiners_window = group.joiners;
  incident.title = surge_title(settings_.language, incident.brand, group, now);
  incident.reasons = surge_reasons(settings_.language, group, now);
  for (const std::uint64_t thread : group.threads().first(std::min(kShown, group.threads().size())))
    if (const auto story = stories_.find(thread)) {
      if (incident.platform.empty()) {
        incident.platform = story->platform;
        incident.url = story->root_url;
      }
      const std::size_t few = std::min<std::size_t>(story->evidence.size(), 2);
      incident.evidence.insert(incident.evidence.end(), story->evidence.begin(),
                               story->evidence.begin() + static_cast<std::ptrdiff_t>(few));
    }
  add_around(said, incident);
  incident.advice = advice(said, incident, nullptr, now);
  return incident;
}

// What waiting adds to the risk, in place of the plain sentence on it.
void Line::add_unanswered(Incident& incident, Time now) const {
  const double weight = webcare_.weight(incident.thread_key, now);
  const desk::Case* const one = webcare_.find(incident.thread_key);
  if (one == nullptr || !one->waits() || weight <= 0) return;
  std::erase_if(incident.reasons, [this](const Reason& reason) {
    return reason.weight == 0 &&
           reason.text.starts_with(dutch(settings_.language) ? "nog geen antwoord"
                                                             : "no official reply yet");
  });
  const std::string waited = span(settings_.language, webcare_.age(*one, now));
  const auto place = std::ranges::find_if(incident.reasons, [weight](const Reason& reason) {
    return reason.weight > 0 && reason.weight < weight;
  });
  incident.reasons.insert(place, {dutch(settings_.language) ? "al " + waited + " onbeantwoord"
                                                            : "unanswered for " + waited,
                                  weight});
}

// Why it is said now and as it is, and what else belongs to it.
void Line::add_around(const Said& said, Incident& incident) const {
  const auto language = settings_.language;
  if (auto text = why_words(language, said.decision))
    incident.reasons.insert(incident.reasons.begin(), {std::move(*text), 0});
  const auto add = [&](std::optional<std::string> text) {
    if (text) incident.reasons.push_back({std::move(*text), 0});
  };
  add(budget_words(language, said.reason, settings_.brand_level.budget));
  add(coverage_words(language, coverage_));
  const Group* group = desk_.group(said.incident);
  if (group == nullptr) return;
  if (!incident.surge) add(threads_words(language, *group));
  for (const std::uint64_t thread : group->threads())
    incident.threads.push_back({thread, stories_.root_id(thread)});
}

}  // namespace brandwacht::line
