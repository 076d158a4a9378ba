// The last two stages of alerting/policy.cpp, and what the stages share.
#pragma once
#include <string>

#include "alerting/policy.hpp"

namespace brandwacht::alerting {

// What a stage says.
struct Ruling {
  bool go_on = true;
  std::string text;
};
inline Ruling go(std::string text) {
  return {true, std::move(text)};
}
inline Ruling stop(std::string text) {
  return {false, std::move(text)};
}

NotifierTraits traits(const World& world, const std::string& receiver);
void tell(Passage& p, const Telling& to);  // once a receiver
void tell_heard(Passage& p);
void tell_routed(Passage& p);

Ruling taken(const Policy& policy, const World& world, Passage& p);
Ruling step(const Policy& policy, const World& world, Passage& p);

}  // namespace brandwacht::alerting
