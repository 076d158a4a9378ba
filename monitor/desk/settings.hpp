// What a desk has agreed on with itself: how soon it answers, where, and what it hears of.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/desk/hours.hpp"

namespace brandwacht::desk {

// Where a complaint is answered first: the source articles disagree, so the desk chooses.
enum class Policy : std::uint8_t { public_first, private_first };
// A rant that names nothing one could look into: watched until somebody joins, or answered.
enum class Vague : std::uint8_t { watch, answer };
// Whose complaints wait for an answer: those that address an account or stand below a post of the
// brand, or all that name it.
enum class Asks : std::uint8_t { addressed, named };
// How loudly something is said: on the board and in the log, as a notice (T3), as a page (T2).
enum class Tell : std::uint8_t { board, notify, page };

struct PlatformClock {
  std::string platform;
  Duration first_response{};
};

struct Settings {
  Calendar calendar;
  Hours hours;

  // From the first complaint of a thread to the first official reply, in open hours. People expect
  // one in 1 to 3 h on X and the like, in 3 to 6 h on Facebook and Instagram.
  Duration first_response = std::chrono::minutes{60};
  std::vector<PlatformClock> platforms{{"facebook", std::chrono::minutes{180}},
                                       {"instagram", std::chrono::minutes{180}}};
  double warn_at = 0.7;  // of that span
  Tell slow = Tell::board;
  // Unanswered for so long, in open hours: a notice. Zero: never.
  Duration unanswered = std::chrono::hours{4};
  // Log odds that an unanswered complaint adds to its thread's risk once its clock has run out;
  // before that in proportion. Set by hand, not fitted: replies go to the worst threads, so a fit
  // would learn that replies do harm.
  double unanswered_weight = 0.3;

  Tell promise = Tell::page;  // broken
  // So long before a promise falls due, or after half of its span if that is later, a notice.
  Duration promise_soon = std::chrono::minutes{30};
  // A reply may come through a source a little late.
  Duration promise_grace = std::chrono::minutes{2};

  Asks asks = Asks::addressed;
  Policy policy = Policy::public_first;
  Vague vague = Vague::watch;
  int vague_joiners = 4;         // so many critics make a vague rant a matter to answer
  double vague_concrete = 0.35;  // P(concrete) below this is vague

  double house_rule = 0.9;  // from this probability a post may break the rules: abuse, threat, ...
  Duration removal_reason = std::chrono::minutes{15};  // after a removal, to say why
  Duration backfire = std::chrono::hours{24};          // after a removal, to object to it
  Duration follow_up = std::chrono::hours{24};         // no answer to "is it solved?": silent
  Tell private_data = Tell::notify;                    // a customer's own, in public

  std::size_t max_cases = 20'000;  // threads that are followed; the coldest goes first

  Duration clock_of(std::string_view platform) const noexcept {
    for (const auto& own : platforms)
      if (own.platform == platform) return own.first_response;
    return first_response;
  }
};

}  // namespace brandwacht::desk
