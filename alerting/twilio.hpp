// Twilio: a text message or a call to one person's phone (twilio_api_v2010, 2010-04-01). Two types
// of receiver, "twilio_sms" and "twilio_voice", that share account and numbers.
//
// A message says which incident it is about by a code (alerting/sms_codes.hpp), so that a reply
// acts: "4821a". A call reads the headline twice and takes a digit, where a [[hook]] listens.
//
// Twilio has no idempotency key. After a send without an answer the list of what was sent to this
// number since is asked first; where that fails too, it is sent again: one text twice is better
// than none. By itself Twilio tries for 10 h to deliver a text, which then says what is long over:
// `validity` is how long it may try, at most as long as the next step of an escalation.
//
// One phone gets no more than GoAlert's limits a quarter, hour and three hours
// (alerting/contact_limits.hpp); T1 is never held back.
#pragma once
#include <memory>
#include <string>

#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct TwilioSettings {
  std::string account_sid;        // AC...
  std::string api_key;            // SK...; empty: the account's own token is used
  std::string token;              // of the account or of the key; secret
  std::string from;               // our number, or for texts a name of up to 11 letters
  std::string messaging_service;  // MG..., for texts: a pool of numbers
  std::string to;                 // E.164: +31612345678
  std::string hook;               // name of the [[hook]] that takes digits pressed in a call
  std::string endpoint = "https://api.twilio.com";
  Duration validity = std::chrono::minutes{10};  // texts
  std::size_t segments = 3;                      // texts
  Duration ring = std::chrono::seconds{30};      // calls
  Duration timeout = std::chrono::seconds{15};
};

TwilioSettings read_twilio_sms(config::Section& section);
TwilioSettings read_twilio_voice(config::Section& section);

// In whose name and language.
struct TwilioWords {
  std::string link;    // to acknowledge or to look; may be empty
  std::string action;  // of a call: where digits go; empty: nowhere
  bool dutch = false;
};

std::string twilio_sms_body(const TwilioSettings& settings, const Page& page,
                            const TwilioWords& words);
// TwiML, at most 4000 characters.
std::string twilio_call_script(const Page& page, const TwilioWords& words);

std::unique_ptr<Notifier> make_twilio_sms(std::string name, TwilioSettings settings,
                                          const NotifierContext& context);
std::unique_ptr<Notifier> make_twilio_voice(std::string name, TwilioSettings settings,
                                            const NotifierContext& context);

}  // namespace brandwacht::alerting
