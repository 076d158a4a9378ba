// Pushover: pushover.net/api and pushover.net/api/receipts
//
// What wakes somebody goes out with priority 2: Pushover rings again every `retry` until a human
// takes it or `expire` is over, and gives a receipt that tells who took it. ask() reads that: a
// real acknowledgement, not a vendor's "accepted". When the incident cools or is over, the ringing
// is called off by its tag, so that nothing needs to be remembered for it.
#pragma once
#include <memory>
#include <string>

#include "alerting/message.hpp"
#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct PushoverSettings {
  std::string token;   // of the application; secret
  std::string user;    // or group; secret
  std::string device;  // only this one; empty: all of the user's
  std::string endpoint = "https://api.pushover.net/1";
  Duration retry = std::chrono::seconds{60};   // between two rings; 30 s at least
  Duration expire = std::chrono::minutes{30};  // of the ringing; 3 h at most
  Duration timeout = std::chrono::seconds{15};
};

PushoverSettings read_pushover(config::Section& section);

// Never in the URL, as others do it: token and user are secrets.
std::string pushover_form(const PushoverSettings& settings, const Page& page, const Voice& voice);

std::unique_ptr<Notifier> make_pushover(std::string name, PushoverSettings settings,
                                        const NotifierContext& context);

}  // namespace brandwacht::alerting
