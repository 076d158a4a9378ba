// What humans say: acknowledgements, ends by hand, silences.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <utility>

#include "alerting/json.hpp"
#include "alerting/pager.hpp"
#include "alerting/pager_parts.hpp"
#include "alerting/policy_words.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {

// Of an acknowledgement.
constexpr Duration kHoldsFor = std::chrono::minutes{30};  // PagerDuty's default as well
constexpr Duration kShortest = std::chrono::minutes{1}, kLongest = std::chrono::hours{24 * 7};

CommandResult result(CommandResult::Kind kind, std::string text) {
  return {kind, std::move(text)};
}

std::string new_silence_id() {
  std::random_device random;
  return fmt::format("s-{:08x}{:08x}", random(), random());
}

}  // namespace

// It was said at this very receiver, under this very key: nothing is sent back there. Where several
// receivers are of that vendor nobody knows which it was, and all are told, which none of them
// minds.
bool Pager::said_there(const Live& live, const Command& command, const std::string& receiver,
                       const std::string& key) const {
  if (key != command.incident || delivery_.traits(receiver).vendor != command.via) return false;
  return std::none_of(live.told.begin(), live.told.end(), [&](const auto& other) {
    return other.first != receiver && delivery_.traits(other.first).vendor == command.via;
  });
}

// Whoever has a place for it shows who has it, under every key.
void Pager::show_taken(const Live& live, const Command& command, Write& write) {
  IncidentEvent event = live.last;
  event.at = wall_;
  event.incident.state = IncidentState::acknowledged;
  Passage passage;
  passage.note = has_it(policy_.dutch, *live.desk.ack, policy_.roster.calendar.zone);
  passage.stamp = fmt::format("ack{}", wall_.time_since_epoch().count());
  for (const auto& [receiver, key] : live.told) {
    const auto traits = delivery_.traits(receiver);
    if (traits.acks == NotifierTraits::Acks::none) continue;
    if (traits.acks == NotifierTraits::Acks::foreign && said_there(live, command, receiver, key))
      continue;
    add_row(event, receiver, key, passage, write, Action::acknowledge);
  }
}

// Who heard of it hears that it is over, under every key.
void Pager::end_by_hand(const Command& command, Live& live, Write& write) {
  Passage passage = begin(Passage::Cause::clock, live, over(live.last.incident, wall_));
  passage.stamp = fmt::format("hand{}", live.desk.level);
  passage.note = ended_by(policy_.dutch, command.who);
  for (const auto& name : passage.heard)
    passage.tell.push_back({name, {}});
  // One that was renamed may reach the same vendor, where the incident is open under the same key.
  if (passage.lost || passage.heard.empty())
    for (const auto& name :
         policy_.routes.of(passage.event, policy_.roster.calendar, wall_).receivers)
      if (!contains(passage.heard, name)) passage.tell.push_back({name, {}});
  carry_out(live, passage, write);
  std::erase_if(write.rows, [&](const OutboxRow& row) {
    return delivery_.traits(row.target).acks == NotifierTraits::Acks::foreign &&
           said_there(live, command, row.target, row.page->dedup_key);
  });
}

CommandResult Pager::take(const Command& command, Live& live, Write& write) {
  using Kind = CommandResult::Kind;
  Case& desk = live.desk;
  const Escalation* policy = policy_.escalation(desk.policy);
  if (!desk.resolved_by.empty())
    return result(Kind::nothing, fmt::format("{} ended it before", desk.resolved_by));
  switch (command.kind) {
    case Command::Kind::acknowledge: {
      const Duration span = command.expires.value_or(policy ? policy->ack_for : kHoldsFor);
      const Time until = wall_ + std::clamp(span, kShortest, kLongest);
      desk.ack = {command.who, command.via, wall_, until, live.last.incident.tier};
      desk.due = until;
      show_taken(live, command, write);
      return result(Kind::done, fmt::format("{} has {} until {}", command.who, desk.incident,
                                            format_rfc3339(until)));
    }
    case Command::Kind::unacknowledge:
      if (!desk.held(wall_)) return result(Kind::nothing, "nobody has it");
      desk.ack->until = desk.due = wall_;
      return result(Kind::done, fmt::format("nobody has {} any longer", desk.incident));
    case Command::Kind::resolve:
      desk.resolved_by = command.who;
      desk.ack.reset();
      desk.due = kNever;
      end_by_hand(command, live, write);
      return result(Kind::done, fmt::format("{} ended {}", command.who, desk.incident));
    case Command::Kind::escalate:
      if (!policy || desk.exhausted) return result(Kind::nothing, "there is no next step");
      desk.ack.reset();
      desk.due = wall_;
      live.cooling = false;
      return result(Kind::done, fmt::format("{} asks for the next step of policy {}", command.who,
                                            policy->name));
  }
  return result(Kind::nothing, "no such command");
}

asio::awaitable<CommandResult> Pager::command(Command command) {
  time();
  command.who = cut_code_points(one_line(command.who), 100);
  if (command.who.empty()) command.who = "?";
  const auto found = live_.find(std::string(incident_of(command.incident)));
  if (found == live_.end() || is_own(found->second.last.incident)) {
    auto unknown = result(CommandResult::Kind::unknown,
                          fmt::format("there is no open incident {}", one_line(command.incident)));
    co_return unknown;
  }
  Write write;
  CommandResult out = take(command, found->second, write);
  if (out.kind != CommandResult::Kind::done) co_return out;
  spdlog::info("pager: {} by way of {}: {}", to_string(command.kind), one_line(command.via),
               out.text);
  write.cases.push_back(found->second.desk);
  look_again(write);  // what it leads to is in the same transaction
  changes_.happened();
  if (command.kind == Command::Kind::acknowledge) delivery_.taken(found->first);
  co_await commit(std::move(write));
  co_return out;
}

asio::awaitable<CommandResult> Pager::seen(std::string delivery_id, RowState state, std::string who,
                                           std::string via, Time at) {
  auto query = store_.incident_of_delivery(delivery_id);
  std::string incident = co_await std::move(query);
  if (incident.empty()) {
    auto unknown = result(CommandResult::Kind::unknown, "there is no such delivery");
    co_return unknown;
  }
  SightingMark mark;
  mark.delivery_id = std::move(delivery_id);
  mark.state = state;
  mark.who = cut_code_points(one_line(who), 100);
  mark.at = at;
  Write write;
  write.sightings.push_back(std::move(mark));
  co_await store_.write(std::move(write));
  auto out = result(CommandResult::Kind::done, "noted");
  if (state == RowState::acknowledged) {
    Command ack;
    ack.incident = std::move(incident);
    ack.who = std::move(who);
    ack.via = std::move(via);
    ack.at = at;
    auto carried = command(std::move(ack));
    out = co_await std::move(carried);
  }
  co_return out;
}

asio::awaitable<void> Pager::sighted(std::string delivery_id, std::string target,
                                     Sighting sighting) {
  const bool taken = sighting.kind == Sighting::Kind::acknowledged;
  // A vendor that knows no name still knows whose phone it is.
  std::string who = sighting.who.empty() ? target : std::move(sighting.who);
  const RowState state = taken ? RowState::acknowledged : RowState::seen;
  auto noted = seen(std::move(delivery_id), state, std::move(who), std::move(target), sighting.at);
  co_await std::move(noted);
}

asio::awaitable<std::string> Pager::silence(Silence silence) {
  if (silence.id.empty()) silence.id = new_silence_id();
  silence.author = cut_code_points(one_line(silence.author), 100);
  silence.comment = cut_code_points(one_line(silence.comment), 500);
  std::string id = silence.id;
  std::erase_if(silences_, [&](const Silence& other) { return other.id == id; });
  silences_.push_back(silence);
  changes_.happened();
  spdlog::warn("pager: {} silences until {}: {}", silence.author, format_rfc3339(silence.until),
               silence.comment);
  Write write;
  write.silences.push_back(std::move(silence));
  co_await store_.write(std::move(write));
  co_return id;
}

asio::awaitable<CommandResult> Pager::expire_silence(std::string id) {
  const Time now = clock_.now();
  const auto found = std::find_if(silences_.begin(), silences_.end(),
                                  [&](const Silence& silence) { return silence.id == id; });
  if (found == silences_.end() || found->until <= now) {
    auto unknown =
        result(CommandResult::Kind::unknown, fmt::format("there is no silence {}", one_line(id)));
    co_return unknown;
  }
  found->until = now;
  Write write;
  write.silences.push_back(*found);
  silences_.erase(found);
  for (auto& [incident, live] : live_)
    if (live.desk.owed) live.desk.due = now;
  changes_.happened();
  co_await store_.write(std::move(write));
  auto out = result(CommandResult::Kind::done, fmt::format("the silence {} is over", id));
  co_return out;
}

std::vector<Silence> Pager::silences() const {
  std::vector<Silence> out;
  for (const auto& silence : silences_)
    if (clock_.now() < silence.until) out.push_back(silence);
  return out;
}

std::optional<Case> Pager::desk_case(std::string_view incident) const {
  const auto found = live_.find(std::string(incident_of(incident)));
  if (found == live_.end()) return {};
  return found->second.desk;
}

}  // namespace brandwacht::alerting
