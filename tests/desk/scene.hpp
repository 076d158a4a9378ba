// Invented posts for tests of the desk, with a clock that only moves when told.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "monitor/desk/webcare.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::desk::scene {
using namespace std::chrono_literals;

// Monday 2026-01-05 10:00 in Amsterdam.
inline const Time kStart = parse_rfc3339("2026-01-05T09:00:00Z").value();

inline Settings settings() {
  Settings out;
  out.calendar.zone = Zone::find("Europe/Amsterdam").value();
  return out;
}

struct Desk {
  Webcare webcare;
  Time now = kStart;
  std::vector<Event> events;
  std::uint64_t next = 1000;

  explicit Desk(Settings with = settings()) : webcare(std::move(with), {"Polderbank", "Lumolo"}) {}

  Post customer(std::uint64_t thread, std::uint64_t author, std::string_view text = {}) {
    Post post;
    post.thread = thread;
    post.mention = ++next;
    post.author = author;
    post.at = now;
    post.platform = "bluesky";
    post.text = text;
    post.author_name = "iemand";
    post.concrete = 0.9F;
    post.worst = 0.7F;
    post.negative = post.addressed = true;
    return post;
  }
  Post official(std::uint64_t thread) {
    Post post = customer(thread, 1);
    post.negative = post.addressed = false;
    post.official = true;
    return post;
  }
  void see(const Post& post) {
    webcare.see(post, now);
    collect();
  }
  Post complain(std::uint64_t thread, std::uint64_t author = 7) {
    Post post = customer(thread, author);
    post.root = true;
    see(post);
    return post;
  }
  void reply(std::uint64_t thread, const Reply& what) {
    webcare.reply(official(thread), what, now);
    collect();
  }
  void answer(std::uint64_t thread) {
    Reply what;
    what.answers = true;
    reply(thread, what);
  }
  void promise(std::uint64_t thread, Time by) {
    Reply what;
    what.holding = true;
    what.promised_by = by;
    reply(thread, what);
  }
  // As a daemon ticks.
  void wait(Duration span, Duration step = 1s) {
    for (const Time end = now + span; now < end;) {
      now = std::min(now + step, end);
      webcare.tick(now);
      collect();
    }
  }
  void collect() {
    for (Event& event : webcare.take())
      events.push_back(std::move(event));
  }
  std::size_t count(What what) const {
    return static_cast<std::size_t>(std::ranges::count(events, what, &Event::what));
  }
  const Event& first(What what) const {
    const auto found = std::ranges::find(events, what, &Event::what);
    REQUIRE(found != events.end());
    return *found;
  }
};

}  // namespace brandwacht::desk::scene
