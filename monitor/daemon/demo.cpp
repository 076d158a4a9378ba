#include "monitor/daemon/demo.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <map>

#include "monitor/clock.hpp"
#include "monitor/daemon/demo_screen.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/replay/replay.hpp"
#include "monitor/task_group.hpp"

extern "C" const char brandwacht_demo_begin, brandwacht_demo_end;

namespace brandwacht::daemon {
namespace asio = boost::asio;

std::string_view demo_recording() {
  return {&brandwacht_demo_begin,
          static_cast<std::size_t>(&brandwacht_demo_end - &brandwacht_demo_begin)};
}

line::Settings demo_settings(line::DeskLanguage language) {
  line::Settings settings;
  settings.language = language;
  settings.brands.push_back({.name = "Polderbank",
                             .terms = {"polderbank", "polder bank"},
                             .exclude = {},
                             .accounts = {"polderbank"}});
  settings.brands.push_back(
      {.name = "Lumolo", .terms = {"lumolo"}, .exclude = {}, .accounts = {"lumolo"}});
  return settings;
}

namespace {

constexpr Duration kFrame = std::chrono::milliseconds{80};
constexpr Duration kPause = std::chrono::seconds{15};  // between two mornings

// What the summary tells of one thread.
struct Tale {
  std::string brand, root;
  std::vector<IncidentEvent> told;  // pages, notifications, upgrades
  Time thirtieth{};                 // when the 30th critic joined; default: never
  int posts = 0, critics = 0, participants = 0;
};

class Player {
 public:
  Player(const DemoOptions& options, DemoScreen& screen)
      : options_(options),
        screen_(screen),
        line_(demo_settings(options.language), hooks()),
        time_(line_),
        mentions_(replay::read_mentions(demo_recording())) {}

  bool done() const { return next_ == mentions_.size(); }
  Time begin() const { return mentions_.front().received_at; }

  // Everything up to the virtual time `to`.
  void play_until(Time to) {
    for (; !done() && mentions_[next_].received_at <= to; ++next_)
      time_.process(mentions_[next_].view());
    time_.advance(to);
  }
  void play_all() { play_until(mentions_.back().received_at); }
  void draw() {
    screen_.draw(line_.hottest(6, time_.now()), line_.stats(), time_.now(), options_.speed);
  }
  std::string summary();

 private:
  line::Hooks hooks();
  std::string say(std::string_view en, std::string_view nl) const {
    return std::string(options_.language == line::DeskLanguage::nl ? nl : en);
  }
  std::string told_line(const Tale& tale) const;

  const DemoOptions& options_;
  DemoScreen& screen_;
  std::map<std::uint64_t, Tale> tales_;
  line::Line line_;
  replay::VirtualTime time_;
  std::vector<Mention> mentions_;
  std::size_t next_ = 0;
};

line::Hooks Player::hooks() {
  line::Hooks hooks;
  hooks.event = [this](const IncidentEvent& event) {
    if (event.kind == IncidentEventKind::cool || event.kind == IncidentEventKind::close) return;
    tales_[event.incident.thread_key].told.push_back(event);
    screen_.page(event);
  };
  hooks.critic = [this](std::uint64_t thread, const thread::Belief& belief, Time at) {
    Tale& tale = tales_[thread];
    if (belief.joiners == 30) tale.thirtieth = at;
  };
  hooks.learnt = [this](const line::Learnt& learnt) { ++tales_[learnt.observation.thread].posts; };
  return hooks;
}

std::string Player::told_line(const Tale& tale) const {
  std::string out;
  for (const auto& event : tale.told) {
    std::string lead = say("never had 30 critics", "kreeg nooit 30 critici");
    if (tale.thirtieth != Time{})
      lead =
          tale.thirtieth > event.at
              ? fmt::format(
                    fmt::runtime(say("{} before the 30th critic", "{} voor de 30e criticus")),
                    format_span(tale.thirtieth - event.at))
              : fmt::format(fmt::runtime(say("{} after the 30th critic", "{} na de 30e criticus")),
                            format_span(event.at - tale.thirtieth));
    out += fmt::format("  {}  {:<7} {}  {:<10}  {:>3} {}  {}\n",
                       format_rfc3339(event.at).substr(11, 5), to_string(event.kind),
                       to_string(event.incident.tier), event.incident.brand, event.incident.joiners,
                       say("critics", "critici"), lead);
  }
  return out;
}

std::string Player::summary() {
  std::string pages, quiet;
  std::size_t count = 0;
  for (auto& [key, tale] : tales_) {
    const auto hot = line_.thread(key, time_.now());
    if (!hot) continue;
    tale.brand = hot->brand;
    tale.participants = hot->belief.participants;
    tale.critics = hot->belief.joiners;
    if (hot->story && !hot->story->evidence.empty()) tale.root = hot->story->evidence.front().text;
  }
  std::vector<const Tale*> rest;
  for (const auto& [key, tale] : tales_) {
    const bool paged = std::ranges::any_of(
        tale.told, [](const auto& event) { return event.kind == IncidentEventKind::page; });
    count += paged;
    pages += told_line(tale);
    if (!paged) rest.push_back(&tale);
  }
  std::ranges::stable_sort(rest, [](const Tale* a, const Tale* b) { return a->posts > b->posts; });
  for (std::size_t i = 0; i < std::min<std::size_t>(rest.size(), 3); ++i)
    quiet +=
        fmt::format("  {:<10}  {:>3} {}, {:>3} {}, {:>2} {}  {}\n", rest[i]->brand, rest[i]->posts,
                    say("posts", "berichten"), rest[i]->participants, say("people", "mensen"),
                    rest[i]->critics, say("negative", "negatief"), fit(rest[i]->root, 44));
  const auto& stats = line_.stats();
  return fmt::format(
             "\n{} {}, {} {}, {} {}\n{}\n{}\n{}\n{}\n{}", stats.received, say("posts", "berichten"),
             stats.matched, say("about the two brands", "over de twee merken"), stats.negative,
             say("negative", "negatief"),
             fmt::format(fmt::runtime(say("{} threads paged", "{} draden gepaged")), count), pages,
             say("Busy or loud, and rightly left alone",
                 "Druk of luid, en terecht met rust gelaten"),
             quiet,
             say("Next: copy config/brandwacht.toml, name your brands, then `brandwacht run -c "
                 "brandwacht.toml`",
                 "Verder: kopieer config/brandwacht.toml, noem je merken, dan `brandwacht run -c "
                 "brandwacht.toml`")) +
         "\n";
}

asio::awaitable<void> play(Clock& clock, Player& player, double speed) {
  if (speed <= 0) {
    player.play_all();
    co_return;
  }
  const auto start = clock.steady();
  while (!player.done()) {
    const double seconds = std::chrono::duration<double>(clock.steady() - start).count() * speed;
    player.play_until(player.begin() + Duration{static_cast<Duration::rep>(seconds * 1e6)});
    player.draw();
    co_await clock.sleep_for(kFrame);
  }
}

asio::awaitable<void> show(const DemoOptions& options, Clock& clock, DemoScreen& screen) {
  const bool nl = options.language == line::DeskLanguage::nl;
  screen.intro(nl ? "Een verzonnen ochtend bij twee verzonnen merken: een bank met een storing, "
                    "een waterkoker die breekt,\n"
                    "300 blije mensen, een ruzie van twee. Brandwacht kijkt mee. (Ctrl-C stopt)\n"
                  : "An invented morning at two invented brands: a bank with an outage, a kettle "
                    "that breaks, 300 happy\n"
                    "people, a quarrel of two. Brandwacht watches. (Ctrl-C ends it)\n");
  for (;;) {
    Player player(options, screen);
    co_await play(clock, player, options.speed);
    player.draw();
    screen.end();
    screen.intro(player.summary());
    if (options.once) co_return;
    screen.intro(nl ? "Over 15 s begint de ochtend opnieuw." : "The morning starts again in 15 s.");
    co_await clock.sleep_for(kPause);
  }
}

asio::awaitable<void> end_with(TaskGroup& group, asio::signal_set& signals) {
  co_await group.join();
  signals.cancel();
}

}  // namespace

int run_demo(const DemoOptions& options) {
  asio::io_context io{1};
  SystemClock clock;
  DemoScreen screen(STDOUT_FILENO, options.language);
  TaskGroup group(io.get_executor());
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](boost::system::error_code error, int) {
    if (!error) group.cancel();
  });
  int status = kOk;
  group.spawn("demo", show(options, clock, screen));
  asio::co_spawn(io, end_with(group, signals), [&](std::exception_ptr error) {
    if (error) status = kSoftware;
  });
  io.run();
  screen.end();
  return status;
}

}  // namespace brandwacht::daemon
