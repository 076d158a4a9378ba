// A thread that the desk has to know about, and what happened to it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht {

// escalation-model section 5. T1 and T2 page, T3 notifies, T4 is only on the board.
enum class Tier : std::uint8_t { t1 = 1, t2 = 2, t3 = 3, t4 = 4 };
enum class IncidentState : std::uint8_t { calm, watch, paged, acknowledged, cooling, closed };
enum class IncidentEventKind : std::uint8_t { page, notify, upgrade, cool, close };

std::string_view to_string(Tier tier) noexcept;  // "T1"
std::string_view to_string(IncidentState state) noexcept;
std::string_view to_string(IncidentEventKind kind) noexcept;

// Why, in words of the desk's language, largest weight first. `weight` is in units of log odds.
struct Reason {
  std::string text;
  double weight = 0;
};

// A post shown with a page. `text` and `author` are redacted already: nothing else may reach this
// struct.
struct Evidence {
  std::uint64_t mention = 0;  // keys, so that a delete or a vanished author erases it
  std::uint64_t author_key = 0;
  std::string author;
  std::string text;
  std::string url;
  Time at{};
  double negative = 0;
  bool root = false;
};

// One of the threads that make an incident.
struct IncidentThread {
  std::uint64_t key = 0;
  std::string id;  // the platform's id of the root; empty: no longer known
};

// What the person on call could do now, in the desk's language. Advisory: nothing here acts.
struct Advice {
  // "answer", "move_to_private", "watch", "may_remove" (under the house rules) or "explain" (why it
  // is unfounded); empty: there is none.
  std::string kind;
  std::vector<std::string> lines;  // strongest first
  std::string playbook;            // its name, for a file or a link; empty: none fits
  std::string playbook_title;      // in the desk's language
};

struct Incident {
  // "bw-" + thread key (16 hex digits) + "-" + episode. Holds no configuration, so that neither a
  // reload nor a renamed brand or receiver orphans an open incident. It is the dedup key at every
  // pager.
  std::string id;
  std::uint64_t thread_key = 0;  // of a surge: a key of its own
  int episode = 1;
  bool surge = false;  // of a brand as a whole: then `thread` is empty
  std::string brand, platform;
  std::string thread;  // the platform's id of the root
  std::string url;     // of the root; may be empty
  Tier tier = Tier::t2;
  IncidentState state = IncidentState::paged;
  Time first_at{};  // the thread's first mention
  Time opened_at{};
  Time updated_at{};
  double risk = 0;          // P(at least 30 more critics within 6 h); see `calibrated`
  bool calibrated = false;  // false: weights were not fitted to this desk's own recording
  int joiners = 0;          // distinct negative joiners so far
  int joiners_window = 0;   // the same in the last 60 min
  int participants = 0;     // distinct authors, root and officials excluded
  std::string title;        // one sentence, at most 200 code points
  std::vector<Reason> reasons;
  std::vector<Evidence> evidence;  // the root first, then the strongest few
  // All that belong to it, this thread first; at most 64. Empty: this thread alone.
  std::vector<IncidentThread> threads;
  Advice advice;
};

std::string incident_id(std::uint64_t thread_key, int episode);

struct IncidentEvent {
  IncidentEventKind kind = IncidentEventKind::page;
  Time at{};          // virtual time in a replay
  Incident incident;  // as it was at `at`
};

// One line of NDJSON, as design asks:
// {"event","at","incident","tier","brand","threads":[...],"risk","joiners",
// "reasons":[{"text","weight"}],...}. "advice":{"kind","lines","playbook","playbook_title"} is left
// out where there is none.
std::string to_json(const IncidentEvent& event);

}  // namespace brandwacht
