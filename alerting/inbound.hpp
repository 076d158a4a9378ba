// What comes back from outside: a button in Slack or Telegram, an event of PagerDuty, a reply by
// SMS or a digit in a call. Each kind is a row in a table: verify on the raw bytes, then parse,
// then answer in the words that the vendor expects. All of it is pure;
// monitor/daemon/public_face.hpp acts.
//
//   [[hook]]
//   type = "slack"
//   signing_secret_file = "slack-signing-secret"   # reached as <external_url>/hooks/slack
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/ack_link.hpp"
#include "alerting/command.hpp"
#include "config/reader.hpp"
#include "monitor/http.hpp"

namespace brandwacht::alerting {

// A request as it arrived. Views into what the server keeps until the answer is sent.
struct InboundRequest {
  std::string_view method;
  std::string_view target;  // with the query
  std::string_view body;    // raw: signatures are over these bytes
  const HttpHeaders* headers = nullptr;
  // The URL that the vendor called, scheme and host included: ours is behind a proxy. Empty: not
  // known.
  std::string url;

  std::string_view header(std::string_view name) const noexcept;  // empty: absent
};

enum class Proof : std::uint8_t {
  good,
  absent,  // no signature at all
  forged,
  old,  // signed, but outside of the replay window
};
std::string_view to_string(Proof proof) noexcept;

// What a verified request says.
struct Heard {
  std::optional<Command> command;  // nothing: an event that needs no act
  // The vendor's own number of this event; what comes twice is acted on once. Empty: there is none.
  std::string once;
  std::string who;        // for the answer, also where there is no command
  std::string problem;    // why a command could not be read, one sentence; empty: there was none
  std::string reply_url;  // Slack's response_url
  std::string reply_id;   // Telegram's callback_query id
  bool expired = false;   // the button is older than it may be
};

// What became of it, in the desk's language.
struct Said {
  bool done = false;
  std::string text;  // one sentence
};

struct HookAnswer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::optional<HttpRequest> then;  // sent after the answer; its failure is only logged
};

// What parsing needs beyond the request.
struct HookContext {
  const AckKeys& keys;  // of buttons
  Time now{};
  // The incident that a person with this number was sent under this code; empty: none. May be
  // empty.
  std::function<std::string(std::string_view phone, std::string_view code)> incident_of_code;
};

struct Hook {
  std::string name, type;  // reached as /hooks/<name>
  std::function<Proof(const InboundRequest&, Time now)> verify;
  std::function<Heard(const InboundRequest&, const HookContext&)> parse;
  std::function<HookAnswer(const InboundRequest&, const Heard&, const Said&)> answer;
};

// Reads every [[hook]].
std::vector<Hook> read_hooks(config::Section& root);

inline constexpr Duration kReplayWindow = std::chrono::minutes{5};  // Slack's own advice

// The rows; each in the source of its vendor.
Hook read_slack_hook(config::Section& section);
Hook read_telegram_hook(config::Section& section);
Hook read_pagerduty_hook(config::Section& section);
Hook read_twilio_hook(config::Section& section);

// Secrets of one setting: one line, several with a space between while the vendor changes over.
std::vector<std::string> read_hook_secrets(config::Section& section, std::string_view key);

// A button's text into a command; fills `problem` or `expired` where it is none.
void hear_button(std::string_view button, const HookContext& context, Heard& heard);

// A name from outside as it may be shown: one line, at most 60 characters; `otherwise` when empty.
std::string shown_name(std::string_view name, std::string_view otherwise);

}  // namespace brandwacht::alerting
