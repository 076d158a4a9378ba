// The page behind a signed link: small, without script, image or font from anywhere, made for a
// phone at night. Pure.
#pragma once
#include <string>

#include "alerting/ack_words.hpp"
#include "alerting/case.hpp"
#include "monitor/http.hpp"
#include "monitor/incident.hpp"
#include "monitor/zone.hpp"

namespace brandwacht::alerting {

struct AckPage {
  enum class State : std::uint8_t {
    ask,      // nothing has happened yet: the button
    done,     // by this press
    already,  // the link was used before: by `who`, `at`
    nothing,  // the incident was in that state before: `text` says so
    gone,     // the incident is closed or was never known
    expired,
    forged,
    broken,  // the store failed: try again
  };
  State state = State::forged;
  Command::Kind kind = Command::Kind::acknowledge;
  const Acknowledgement* held = nullptr;  // of `ask`: somebody has it already
  const Incident* incident = nullptr;     // may be absent; its texts are redacted already
  std::string who;                        // whom the link was sent to, or who used it
  std::string text;                       // of `done` and `nothing`, a sentence
  Time at{};                              // of `already`
  Time now{};
};

std::string ack_page(const AckPage& page, Language language, const Zone& zone);

// For people who read it with a program, ntfy's action button among them.
std::string ack_text(const AckPage& page, Language language, const Zone& zone);

// 200, 403 forged, 404 gone, 410 expired, 503 broken.
int ack_status(AckPage::State state) noexcept;

// No caching, no referrer (it holds the token), no framing, no script; the style by its hash.
const HttpHeaders& ack_headers();

}  // namespace brandwacht::alerting
