// A pager target. One implementation per vendor, each a row in alerting/table.cpp.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/reader.hpp"
#include "monitor/clock.hpp"
#include "monitor/http.hpp"
#include "monitor/incident.hpp"

namespace brandwacht::alerting {

enum class Action : std::uint8_t { trigger, resolve };
std::string_view to_string(Action action) noexcept;

// What happened to one attempt. Reasons are values.
struct Outcome {
  enum class Kind : std::uint8_t {
    accepted,   // the vendor took it
    retry,      // network, 429, 5xx: later, not before `wait`
    permanent,  // the vendor will never take it: dead letter, and another target is told
    ambiguous,  // sent, no answer: later, with the same key
  };
  Kind kind = Kind::retry;
  std::optional<Duration> wait;  // Retry-After
  std::string detail;            // one sentence, no secret, no URL path
};

// One page on its way to one target, as the outbox holds it.
struct Page {
  std::string dedup_key;  // == Incident::id
  Action action = Action::trigger;
  IncidentEventKind event = IncidentEventKind::page;
  std::string delivery_id;  // stable over retries: an idempotency key. No '.' in it.
  Time at{};                // of the decision
  Incident incident;
};

class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual const std::string& name() const = 0;  // from the configuration, unique
  virtual boost::asio::awaitable<Outcome> notify(const Page& page, Time now) = 0;
};

// What the daemon lends to a notifier; outlives it.
struct NotifierContext {
  HttpClient& http;
  std::string external_url;  // of this daemon's API, for links; may be empty
};

struct NotifierSpec {
  std::string name, type;
  std::function<std::unique_ptr<Notifier>(NotifierContext)> make;
};

// Reads every [[receiver]] of the configuration.
std::vector<NotifierSpec> read_receivers(config::Section& root);

}  // namespace brandwacht::alerting
