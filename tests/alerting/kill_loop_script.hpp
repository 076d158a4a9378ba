// What the children of the kill loop play: incidents one after the other, and the policy.
#pragma once
#include <array>

#include "alerting/pager.hpp"
#include "tests/alerting/builders.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;

constexpr std::array kTargets{"a", "b"};  // of every event
constexpr std::array kReceivers{"a", "b", "c"};
constexpr Duration kNextStep = 10ms, kPause = 300ms, kEnough = 250ms;
constexpr Duration kStaysUp = 5s;  // resend_at() of one crash
constexpr int kRederived =
    2;  // events that a restarted child derives again, as a line does after a crash

// The script: page, upgrade and close of one incident after the other.
IncidentEvent scripted(int index, Time now) {
  const auto number = static_cast<std::uint64_t>(index / 3) + 1;
  const int stage = index % 3;
  auto incident = invented_incident(number, stage == 0 ? Tier::t2 : Tier::t1, 10 + 5 * stage);
  const auto kind = stage == 0   ? IncidentEventKind::page
                    : stage == 1 ? IncidentEventKind::upgrade
                                 : IncidentEventKind::close;
  return invented_event(kind, std::move(incident), now);
}

bool is_acknowledged(int index) {
  return index / 3 % 3 == 0;
}
bool is_slow(int index) {
  return index / 3 % 16 == 5;
}

Policy desk_policy() {
  Route route;
  route.receivers = {"a"};
  route.policy = "desk";
  Policy out(Routes({route}, {kReceivers.begin(), kReceivers.end()}));
  Escalation desk;
  desk.name = "desk";
  desk.steps = {{{"b"}, Duration{0}, {}}, {{"c"}, kNextStep, {}}};
  desk.repeat = 0;
  desk.wait = kNextStep;
  desk.last = {"a"};
  out.escalations.push_back(std::move(desk));
  return out;
}

}  // namespace
}  // namespace brandwacht::alerting
