// Every type of receiver in the table, each against another side that does what a test says: HTTP
// vendors against a fake server on this machine, mail against a scripted transport, a command
// against a script, the log against a log.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tests/alerting/receivers.hpp"

namespace brandwacht::alerting {

enum class Does : std::uint8_t {
  take,
  refuse,  // for good
  fail,    // for now
  lose,    // reads it, and nobody hears what became of it
  vanish,  // is not there; a command, which always is, asks to be run again
};

// One attempt.
struct Told {
  Outcome outcome;
  std::string
      sent;         // as a person, or the desk's program, reads it; the other side echoes all of it
  std::string key;  // by which the other side can know a second one for the same
};

struct Peer {
  std::string type;  // in the table
  std::vector<std::string> secrets;
  std::string way;  // begins the link that every page has; empty: there is no place for one
  bool only_takes = false;
  // One receiver gets the pages one after the other; what it says of its progress comes with the
  // next one, as the queue does it.
  std::function<std::vector<Told>(Does, std::vector<Page>)> tell;
};

const std::vector<Peer>& peers();

// What a person will see of a request, forms decoded.
std::string as_read(const HttpRequest& request);

}  // namespace brandwacht::alerting
