// What humans say: acknowledgements, ends by hand, silences.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <utility>

#include "alerting/json.hpp"
#include "alerting/pager.hpp"
#include "alerting/pager_parts.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {

constexpr Duration kHoldsFor = std::chrono::minutes{30};  // PagerDuty's default as well

CommandResult result(CommandResult::Kind kind, std::string text) {
  return {kind, std::move(text)};
}

std::string new_silence_id() {
  std::random_device random;
  return fmt::format("s-{:08x}{:08x}", random(), random());
}

}  // namespace

asio::awaitable<void> Pager::keep(const Case& one) {
  Write write;
  write.cases.push_back(one);
  co_await store_.write(std::move(write));
}

CommandResult Pager::take(const Command& command, Live& live) {
  using Kind = CommandResult::Kind;
  auto& ack = live.desk.ack;
  switch (command.kind) {
    case Command::Kind::acknowledge:
      ack = {command.who, command.via, command.at, command.at + command.expires.value_or(kHoldsFor),
             live.incident.tier};
      return result(Kind::done, fmt::format("{} has {} until {}", command.who, live.incident.id,
                                            format_rfc3339(ack->until)));
    case Command::Kind::unacknowledge:
      if (!ack) return result(Kind::nothing, "nobody has it");
      ack.reset();
      return result(Kind::done, fmt::format("nobody has {} any longer", live.incident.id));
    case Command::Kind::resolve:
      if (!live.desk.resolved_by.empty())
        return result(Kind::nothing, fmt::format("{} ended it before", live.desk.resolved_by));
      live.desk.resolved_by = command.who;
      return result(Kind::done, fmt::format("{} ended {}", command.who, live.incident.id));
    case Command::Kind::escalate:
      break;
  }
  return result(Kind::nothing, "no policy: there is no next step");
}

asio::awaitable<CommandResult> Pager::command(Command command) {
  command.who = cut_code_points(one_line(command.who), 100);
  const auto found = live_.find(std::string(incident_of(command.incident)));
  if (found == live_.end() || is_own(found->second.incident)) {
    auto unknown = result(CommandResult::Kind::unknown,
                          fmt::format("there is no open incident {}", one_line(command.incident)));
    co_return unknown;
  }
  CommandResult out = take(command, found->second);
  if (out.kind == CommandResult::Kind::done) {
    spdlog::info("pager: {} by way of {}: {}", to_string(command.kind), command.via, out.text);
    const Case desk = found->second.desk;
    if (command.kind == Command::Kind::resolve) {
      Write write;
      write.cases.push_back(desk);
      std::vector<IncidentEvent> events;
      events.push_back(over(found->second.incident, command.at));
      co_await submit(std::move(events), std::move(write));
    } else {
      co_await keep(desk);
    }
  }
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

asio::awaitable<std::string> Pager::silence(Silence silence) {
  if (silence.id.empty()) silence.id = new_silence_id();
  silence.author = cut_code_points(one_line(silence.author), 100);
  silence.comment = cut_code_points(one_line(silence.comment), 500);
  std::string id = silence.id;
  std::erase_if(silences_, [&](const Silence& other) { return other.id == id; });
  silences_.push_back(silence);
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
