#include "bench/detect/watch.hpp"

namespace brandwacht::bench {
namespace {

thread::Settings table_settings(std::shared_ptr<const thread::Model> model) {
  thread::Settings settings;
  settings.max_threads = 100'000;
  settings.model = std::move(model);
  return settings;
}

// Decides for the threads that the clock alone could change.
class Ticker {
 public:
  Ticker(thread::Table& table, const thread::DecisionSettings& settings)
      : table_(table), settings_(settings) {}

  // Calls page(thread, time) for what the time until `now` brings.
  template <class F>
  void run(Time now, F page) {
    for (Time at = next_; at < now && table_.has_open(); at = next_) {
      next_ = at + kEvery;
      for (const std::uint64_t thread : table_.open())
        decide(thread, at, page);
    }
    if (next_ <= now) next_ = now + kEvery;
  }
  template <class F>
  void decide(std::uint64_t thread, Time now, F page) {
    if (const auto belief = table_.belief(thread, now)) decide(*belief, thread, now, page);
  }
  template <class F>
  void decide(const thread::Belief& belief, std::uint64_t thread, Time now, F page) {
    thread::DecisionState* const state = table_.decision(thread);
    if (state == nullptr) return;
    const auto decision = thread::decide(belief, *state, settings_, now);
    // A hold that runs is looked at when it ends.
    if (state->hold_since == now) next_ = std::min(next_, now + settings_.hold);
    if (decision && decision->kind == IncidentEventKind::page) page(thread, now);
  }

 private:
  static constexpr Duration kEvery = std::chrono::minutes{10};

  thread::Table& table_;
  const thread::DecisionSettings& settings_;
  Time next_{};
};

}  // namespace

Recorded record(std::uint64_t seed, int training_weeks, int test_weeks,
                const StreamSettings& settings) {
  StreamSettings all = settings;
  all.weeks = training_weeks + test_weeks;
  Stream stream(seed, all);
  Recorded out;
  out.begin = Stream::begin();
  out.split = out.begin + std::chrono::hours{168 * training_weeks};
  out.end = stream.end();
  while (const Event* const event = stream.next()) {
    out.events.push_back(*event);
    out.truth.add(*event);
  }
  out.incidents = out.truth.incidents();
  return out;
}

thread::Observation observation_of(const Event& event) {
  thread::Observation out;
  out.mention = event.id;
  out.thread = event.thread;
  out.parent = event.parent;
  out.quoted = event.quoted;
  out.author = event.author;
  out.created_at = event.created_at;
  out.received_at = event.received_at;
  out.negative = event.negative;
  out.official = event.official;
  out.edit = event.kind == MentionKind::edit;
  out.voice.print = event.print;
  return out;
}

void watch(const Recorded& recorded, Time until, std::shared_ptr<const thread::Model> model,
           const std::function<void(const Look&)>& look) {
  thread::Table table(table_settings(std::move(model)));
  for (const Event& event : recorded.events) {
    if (event.received_at >= until) return;
    if (event.kind == MentionKind::remove) {
      table.remove(event.id, event.received_at);
      continue;
    }
    const auto observed = table.observe(observation_of(event));
    if (!observed.new_critic) {
      look({event, observed, nullptr});
    } else if (const auto belief = table.belief(observed.thread, event.received_at)) {
      look({event, observed, &*belief});
    }
  }
}

std::vector<Page> product_pages(const Recorded& recorded, Time until,
                                std::shared_ptr<const thread::Model> model,
                                const thread::DecisionSettings& settings) {
  thread::Table table(table_settings(std::move(model)));
  Ticker ticker(table, settings);
  std::unordered_map<std::uint64_t, std::uint64_t> origins;  // of the table's threads
  std::vector<Page> pages;
  const auto page = [&](std::uint64_t thread, Time at) { pages.push_back({origins[thread], at}); };
  for (const Event& event : recorded.events) {
    const Time now = event.received_at;
    if (now >= until) break;
    ticker.run(now, page);
    if (event.kind == MentionKind::remove) {
      table.remove(event.id, now);
      continue;
    }
    const auto observed = table.observe(observation_of(event));
    if (!observed.new_critic) continue;
    origins[observed.thread] = event.origin;
    ticker.decide(observed.thread, now, page);
  }
  return pages;
}

}  // namespace brandwacht::bench
