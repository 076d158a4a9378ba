// What the research and the articles say of a reply, as sentences for the desk in Dutch or English.
// Advisory only: nothing is refused or changed. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "monitor/text/reply_check.hpp"

namespace brandwacht::text {

struct ReplyHint {
  enum class Kind : std::uint8_t {
    good,     // keep it
    missing,  // would make it better
    fault,    // reads badly, or breaks a rule
    ask,      // the desk knows and the program does not
  };
  Kind kind{};
  std::string what;  // one sentence
  std::string why;   // one sentence: the reason, with its source; may be empty
};

struct ReplyPolicy {
  bool dutch = true;         // language of the hints
  bool public_first = true;  // false: a bare invitation to a private message is no fault
  bool to_complaint = true;  // false: what it answers is no complaint, so nothing is missing
};

// Faults first, then what to ask, what is missing and what is good.
std::vector<ReplyHint> advise(const ReplyCheck& reply, const ReplyPolicy& policy);

}  // namespace brandwacht::text
