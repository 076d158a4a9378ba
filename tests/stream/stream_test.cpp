// The invented stream: the same for a seed, as it was asked for, in order of arrival.
#include "bench/stream/stream.hpp"

#include <array>
#include <unordered_map>
#include <unordered_set>

#include "bench/stream/truth.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht;
using namespace brandwacht::bench;

namespace {

std::vector<Event> events_of(std::uint64_t seed, const StreamSettings& settings) {
  std::vector<Event> out;
  Stream stream(seed, settings);
  while (const Event* const event = stream.next())
    out.push_back(*event);
  return out;
}

std::uint64_t fingerprint(const std::vector<Event>& events) {
  std::uint64_t out = events.size();
  for (const Event& event : events)
    for (const std::uint64_t word :
         {event.id, event.thread, event.author, event.origin,
          static_cast<std::uint64_t>(event.created_at.time_since_epoch().count()),
          static_cast<std::uint64_t>(event.received_at.time_since_epoch().count()),
          static_cast<std::uint64_t>(static_cast<double>(event.negative) * 1e6)})
      out = mix(out ^ word);
  return out;
}

StreamSettings of_weeks(int weeks) {
  StreamSettings settings;
  settings.weeks = weeks;
  return settings;
}

bool first_told(const Event& event) {
  return event.kind == MentionKind::create && !event.again;
}

}  // namespace

TEST_CASE("a seed gives the same stream everywhere, another one another stream") {
  const auto events = events_of(7, of_weeks(4));
  CHECK(fingerprint(events) == fingerprint(events_of(7, of_weeks(4))));
  CHECK(fingerprint(events) != fingerprint(events_of(8, of_weeks(4))));
  // Of this compiler and of any other.
  CHECK(fingerprint(events) == 0xccc36c43849d22a6);
}

TEST_CASE("events come in order of arrival, none before it was written or after the end") {
  Stream stream(3, of_weeks(6));
  Time last{};
  while (const Event* const event = stream.next()) {
    REQUIRE(event->received_at >= last);
    REQUIRE(event->received_at < stream.end());
    REQUIRE(event->created_at >= Stream::begin());
    REQUIRE(event->created_at <= event->received_at);
    last = event->received_at;
  }
  CHECK(stream.next() == nullptr);
}

TEST_CASE("a stream has about 300 events a day, over the week as its profile says") {
  constexpr int weeks = 60;
  std::array<double, Week::kHours> hours{};
  double all = 0;
  for (const Event& event : events_of(5, of_weeks(weeks))) {
    if (!first_told(event)) continue;
    hours[static_cast<std::size_t>((event.created_at - Week::kBegin) / std::chrono::hours{1} %
                                   std::int64_t{Week::kHours})] += 1;
    all += 1;
  }
  CHECK(all / weeks / 7 > 280);
  CHECK(all / weeks / 7 < 380);
  const Week week;
  double apart = 0;
  for (std::size_t hour = 0; hour < hours.size(); ++hour)
    apart += std::abs(hours[hour] / all - week.activity()[hour] / Week::kHours);
  CHECK(apart < 0.12);
}

TEST_CASE("operational time is its own inverse") {
  const Week week;
  for (const std::int64_t at : {0L, 1L, 3'600'000'000L, 600'000'000'000L, 30'000'000'000'000L})
    CHECK(std::abs(week.time(week.tau(at)) - at) <= 2);
}

TEST_CASE("the scorer errs as often as it was told to, and no event says so") {
  StreamSettings settings = of_weeks(60);
  settings.sensitivity = 0.7;
  settings.specificity = 0.85;
  double critical = 0, found = 0, calm = 0, left = 0;
  for (const Event& event : events_of(9, settings)) {
    if (!first_told(event) || event.official) continue;
    const bool flagged = event.negative >= 0.5F;
    (event.critical ? critical : calm) += 1;
    if (event.critical && flagged) ++found;
    if (!event.critical && !flagged) ++left;
    REQUIRE(event.negative >= 0);
    REQUIRE(event.negative <= 1);
  }
  CHECK(found / critical == Approx(0.7).margin(0.01));
  CHECK(left / calm == Approx(0.85).margin(0.01));
}

TEST_CASE("threads are of the kinds that were asked for, in their parts") {
  const auto events = events_of(11, of_weeks(80));
  std::array<double, static_cast<std::size_t>(Cause::count_)> threads{};
  std::unordered_map<std::uint64_t, std::unordered_set<std::uint64_t>> quarrels;
  for (const Event& event : events) {
    if (!first_told(event)) continue;
    if (event.id == event.origin) ++threads[static_cast<std::size_t>(event.cause)];
    if (event.cause == Cause::quarrel && !event.official)
      quarrels[event.origin].insert(event.author);
  }
  const auto of = [&](Cause cause) { return threads[static_cast<std::size_t>(cause)]; };
  const StreamSettings settings;
  const double all = settings.roots * 7 * 80;
  CHECK(of(Cause::hot) / all == Approx(settings.hot).epsilon(0.3));
  CHECK(of(Cause::quarrel) / all == Approx(settings.quarrels).epsilon(0.1));
  CHECK(of(Cause::outage) > 20 * 25);
  CHECK(of(Cause::campaign) > 10 * 20);
  CHECK(of(Cause::raid) > 0);
  for (const auto& [origin, people] : quarrels)
    CHECK(people.size() <= 4);
}

TEST_CASE("quotes, edits, deletes, late and double deliveries come as often as set") {
  const StreamSettings settings = of_weeks(60);
  double posts = 0, late = 0, again = 0, edits = 0, removals = 0, quotes = 0, replies = 0;
  std::unordered_set<std::uint64_t> told;
  for (const Event& event : events_of(13, settings)) {
    if (event.kind == MentionKind::edit) ++edits;
    if (event.kind == MentionKind::remove) ++removals;
    if (event.kind != MentionKind::create) continue;
    if (event.again) {
      ++again;
      CHECK(told.contains(event.id));
      continue;
    }
    REQUIRE(told.insert(event.id).second);
    ++posts;
    if (event.received_at - event.created_at > std::chrono::minutes{4}) ++late;
    if (event.id == event.origin) continue;
    ++replies;
    if (event.quoted == 0) continue;
    ++quotes;
    CHECK(event.thread == event.id);
  }
  CHECK(late / posts == Approx(settings.late).epsilon(0.15));
  CHECK(again / posts == Approx(settings.duplicates).epsilon(0.15));
  CHECK(edits / replies == Approx(settings.edits).epsilon(0.25));
  CHECK(removals / replies == Approx(settings.removals).epsilon(0.25));
  CHECK(quotes / replies > 0.5 * settings.quotes);  // quarrels do not quote
}

TEST_CASE("an incident is 30 people who joined within a day, not one of them the author") {
  Truth truth;
  Event event;
  event.id = event.thread = event.origin = 100;
  event.author = 1;
  event.created_at = event.received_at = Stream::begin();
  truth.add(event);
  const auto join = [&](std::uint64_t author, std::chrono::minutes after) {
    event.id = 1000 + author * 7 + static_cast<std::uint64_t>(after.count()) * 1000;
    event.author = author;
    event.critical = true;
    event.created_at = Stream::begin() + after;
    truth.add(event);
  };
  for (std::uint64_t author = 1; author <= 30; ++author)
    join(author, std::chrono::minutes{author * 10});
  join(17, std::chrono::minutes{500});  // again
  CHECK(truth.incidents().empty());
  join(31, std::chrono::minutes{600});
  REQUIRE(truth.incidents().size() == 1);
  CHECK(truth.incidents().at(100) == Stream::begin() + std::chrono::minutes{600});
  CHECK(truth.incidents({30, std::chrono::minutes{60}}).empty());
}
