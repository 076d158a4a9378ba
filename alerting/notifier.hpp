// A pager target. One implementation per vendor, each a row in alerting/table.cpp.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/throttle.hpp"
#include "config/reader.hpp"
#include "monitor/clock.hpp"
#include "monitor/http.hpp"
#include "monitor/incident.hpp"
#include "monitor/mail.hpp"

namespace brandwacht::alerting {

enum class Action : std::uint8_t {
  trigger,
  resolve,
  acknowledge,  // somebody took it: shown where a place for that is, wakes nobody
};
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
  bool disable =
      false;  // with `permanent`: the target wants nothing more until the daemon starts again
  // With `retry` or `ambiguous`: only this page waits, the target takes others.
  bool target_works = false;
  // Where one page has several recipients: which of them will never get it and why, one sentence,
  // said at every attempt. Another target is told; the others' pages are not held up.
  std::string undelivered;
  // With `accepted`: the vendor's own id of it (a Pushover receipt, a Telegram message), kept with
  // the page's row; empty: none.
  std::string receipt{};
  std::optional<std::int64_t> quota_left{};  // messages that the vendor still takes this month
  // With `retry` or `ambiguous`: what of this page is done, in the receiver's own words. Stored
  // with the page and given back as Page::progress at its next attempt.
  std::string progress{};
};
std::string_view to_string(Outcome::Kind kind) noexcept;

// One page on its way to one target, as the outbox holds it.
struct Page {
  std::string dedup_key;  // Incident::id, or dedup_key() of it, see alerting/command.hpp
  Action action = Action::trigger;
  IncidentEventKind event = IncidentEventKind::page;
  std::string delivery_id;  // stable over retries: an idempotency key. No '.' in it.
  Time at{};                // of the decision
  Incident incident;
  std::string
      note{};  // why this target gets it now, where that is not plain: "step 2: nobody took it"
  std::string progress{};  // Outcome::progress of the last attempt
  // Its first attempt, where a crash cut the last one off: it may have arrived.
  std::optional<Time> cut_off{};
};

// What a target wants of the delivery. Facts of the vendor's protocol, not of an installation.
struct NotifierTraits {
  Duration spacing{0};            // between two requests
  std::vector<RateLimit> limits;  // all of them at once; what is urgent goes first
  Duration resend_every{0};       // repeats what fires at this interval; 0: once is enough
  Duration resolved_for{0};       // and repeats a resolve for so long
  bool updates = false;           // also wants to know that an incident cools
  bool watchdog = false;          // gets our own probes and nothing else, see alerting/watchdog.hpp
  // Has incidents of its own under our dedup key, and keeps silent about news of one that was
  // acknowledged there: what must wake somebody all the same then has a new key.
  bool keeps_incidents = false;
  Duration ask_every{0};  // of ask(), until a human has taken the page; 0: never
  // A page that arrives a second time is seen once: the vendor collapses it by our key, or we ask
  // it first. Others wait with what a crash cut off, see resend_at() in alerting/outbox.hpp.
  bool resend_at_once = false;
  enum class Acks : std::uint8_t {
    none,     // has no place to show who took an incident
    foreign,  // is told, but not of what was said there: see `vendor`
    all,
  };
  Acks acks = Acks::none;
  std::string_view vendor{};  // Command::via of what is said there
};

// What the vendor knows of the human behind an accepted page.
struct Sighting {
  enum class Kind : std::uint8_t { nothing, seen, acknowledged, gone };  // gone: ask no more
  Kind kind = Kind::nothing;
  std::string who;  // as the vendor calls them; may be empty
  Time at{};
};

// Something of ours that whoever reads an incident later may want to see beside it.
struct Change {
  std::string summary;  // one sentence
  Time at{};
  std::vector<std::pair<std::string, std::string>> details;  // name and value; no secret
};

class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual const std::string& name() const = 0;  // from the configuration, unique
  virtual NotifierTraits traits() const { return {}; }
  // One attempt. `page` lives until the returned awaitable ends; so does the notifier.
  virtual boost::asio::awaitable<Outcome> notify(const Page& page, Time now) = 0;
  // Asks the vendor what became of a page that it accepted with this receipt.
  virtual boost::asio::awaitable<Sighting> ask(std::string receipt, Time now);
  // Somebody took the incident, here or elsewhere: what still rings for it stops. Only called where
  // `ask_every` is set; nothing is promised, a failure is only logged.
  virtual boost::asio::awaitable<void> taken(std::string incident, Time now);
  // After a start: the receipt of the first page that it accepted for an incident that is still
  // open, so that later ones can be replies to it.
  virtual void remember(const std::string& /*incident*/, const std::string& /*receipt*/) {}
  // After a start: when it accepted pages within the last day, oldest first.
  virtual void accepted_before(const std::vector<Time>& /*times*/) {}
  // Nobody is paged for it and nothing is promised: one attempt. Nullopt: the vendor has no place
  // for such a thing.
  virtual boost::asio::awaitable<std::optional<Outcome>> announce(const Change& change, Time now);
};

// A full https URL that speaks for this incident at this receiver; empty: there is none to give.
using AckUrl = std::function<std::string(std::string_view incident, std::string_view receiver)>;

// What the daemon lends to a notifier; outlives it.
struct NotifierContext {
  HttpClient& http;
  std::string external_url;  // of this daemon's API, for links; may be empty
  // A page on which a human acknowledges. It asks before it does, because mail scanners and chat
  // previews open links. Empty function: messages carry no such link.
  AckUrl ack_link = nullptr;
  // The same for a program: one POST acknowledges.
  AckUrl ack_callback = nullptr;
  // No URL but at most 64 bytes that a chat program's button gives back when it is pressed; empty
  // where nothing listens for that receiver's presses, and then a button opens the link.
  AckUrl ack_button = nullptr;
  std::string language = "en";  // of the few words that are added to an incident's own: "en", "nl"
  // Makes a transport for one receiver, so that each has a connection and a thread of its own.
  std::function<std::unique_ptr<MailTransport>()> mail = nullptr;
  // What a notifier has learnt and needs again after a restart: a text under a name, in the store.
  // kept() gives an empty text where there is none.
  std::function<void(std::string name, std::string text)> keep = nullptr;
  std::function<std::string(const std::string& name)> kept = nullptr;
};

struct NotifierSpec {
  std::string name, type;
  std::function<std::unique_ptr<Notifier>(NotifierContext)> make;
};

// Names become part of delivery ids, which are HTTP headers and may hold no dot.
bool good_receiver_name(std::string_view name) noexcept;

// Of the table, in its order.
std::vector<std::string> receiver_types();

// Reads every [[receiver]] of the configuration. None at all: a warning, and one receiver that
// writes to the log.
std::vector<NotifierSpec> read_receivers(config::Section& root);

std::vector<std::unique_ptr<Notifier>> make_receivers(const std::vector<NotifierSpec>& specs,
                                                      const NotifierContext& context);

}  // namespace brandwacht::alerting
