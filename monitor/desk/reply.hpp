// What an official post means for its thread: the part of the reply check that clocks and promises
// need. And what customers say of removals, of private talks and of how it ended.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "monitor/desk/settings.hpp"
#include "monitor/signature.hpp"

namespace brandwacht::desk {

struct Reply {
  bool holding = false;          // an answer is still to come, also "we will get in touch"
  bool move_to_private = false;  // invites to DM, mail or telephone
  bool answers = false;          // substantive: ends a promise
  bool only_invites = false;     // nothing but the invitation
  bool compensation = false;
  bool follow_up = false;     // asks whether it is solved
  bool says_why = false;      // names a reason for a removal
  bool without_time = false;  // promises, but not by when
  bool read = true;           // false: in a language that is not read here, nothing is known of it
  std::optional<Time> promised_by;
  SimHash print = 0;
};

// `at`: when it was posted.
Reply read_reply(std::string_view text, std::string_view lang, Time at, const Settings& settings);

// One word of a customer's post after the brand has answered.
bool accepts_private(std::string_view text);  // has written in private
bool says_solved(std::string_view text);
bool objects_to_removal(std::string_view text);

// How badly a post is about somebody's privacy: the kinds that stand in it, also where a recording
// has only their marks ("[iban]"). Bits of 1 << PrivateKind.
std::uint32_t private_kinds(std::string_view text);

}  // namespace brandwacht::desk
