#include "monitor/daemon/exercises.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "alerting/outbox.hpp"
#include "monitor/hash.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr Duration kTestLasts = 10min;
constexpr Duration kLookAgain = 500ms;
constexpr Duration kRemember = 24h;
constexpr std::size_t kMost = 32;

Incident invented(std::string_view mark, std::string_view name, Time now) {
  Incident out;
  out.platform = "brandwacht-test";
  out.thread = fmt::format("{}{}:{}", mark, name, now.time_since_epoch().count());
  out.thread_key = platform_key(mark, out.thread);
  out.id = incident_id(out.thread_key, 1);
  out.tier = Tier::t2;
  out.first_at = now - 40min;
  out.opened_at = out.updated_at = now;
  return out;
}

std::shared_ptr<const alerting::Page> page_of(const IncidentEvent& event, std::string_view target) {
  auto page = std::make_shared<alerting::Page>();
  page->dedup_key = event.incident.id;
  page->action = event.kind == IncidentEventKind::close ? alerting::Action::resolve
                                                        : alerting::Action::trigger;
  page->event = event.kind;
  page->delivery_id = alerting::delivery_id(event, target);
  page->at = event.at;
  page->incident = event.incident;
  return page;
}

}  // namespace

Incident drill_incident(const DrillWish& wish, std::string_view language, Time now) {
  const bool dutch = language == "nl";
  Incident out = invented(kDrillMark, wish.brand, now);
  out.brand = wish.brand;
  out.platform = wish.platform;
  out.tier = wish.tier;
  out.risk = 0.62;
  out.joiners = 24;
  out.joiners_window = 20;
  out.participants = 31;
  out.title = dutch ? fmt::format("OEFENING: {}: 24 critici in 40 min (verzonnen)", wish.brand)
                    : fmt::format("DRILL: {}: 24 critics in 40 min (invented)", wish.brand);
  out.reasons = {
      {dutch ? "Dit is een oefening: er is niets aan de hand. Neem hem aan alsof het echt is."
             : "This is a drill: nothing is wrong. Answer as if it were real.",
       1},
      {dutch ? fmt::format("Hij eindigt vanzelf na {}", format_span(wish.lasts))
             : fmt::format("It ends by itself after {}", format_span(wish.lasts)),
       0.5}};
  Evidence post;
  post.mention = out.thread_key;
  post.author = "o***";
  post.text =
      dutch ? fmt::format("[OEFENING] {} ligt er weer uit, schandalig (verzonnen)", wish.brand)
            : fmt::format("[DRILL] {} is down again, a disgrace (invented)", wish.brand);
  post.at = out.first_at;
  post.negative = 0.9;
  post.root = true;
  out.evidence = {post};
  return out;
}

Incident test_incident(std::string_view target, std::string_view language, Time now) {
  const bool dutch = language == "nl";
  Incident out = invented(kTestMark, target, now);
  out.brand = "Brandwacht";
  out.title = dutch ? fmt::format("TEST: zo komt een oproep aan bij '{}'", target)
                    : fmt::format("TEST: this is how a page arrives at '{}'", target);
  out.reasons = {{dutch ? "Er is niets aan de hand. Neem hem aan: dan is ook de weg terug beproefd."
                        : "Nothing is wrong. Take it: then the way back has been tried as well.",
                  1}};
  return out;
}

IncidentEvent end_of(Incident incident, Time now) {
  IncidentEvent out{IncidentEventKind::close, now, std::move(incident)};
  out.incident.state = IncidentState::closed;
  out.incident.updated_at = now;
  return out;
}

asio::awaitable<TestResult> Exercises::test(std::string target) {
  TestResult out;
  const auto spec = std::find_if(context_.receivers.begin(), context_.receivers.end(),
                                 [&](const auto& one) { return one.name == target; });
  if (spec == context_.receivers.end()) co_return out;
  forget_old();
  const Time now = context_.clock.now();
  Exercise exercise;
  exercise.incident = test_incident(target, context_.language, now);
  exercise.begun = now;
  exercise.target = target;
  const std::string id = exercise.incident.id;
  const IncidentEvent event{IncidentEventKind::page, now, exercise.incident};
  exercises_[id] = std::move(exercise);
  // A notifier of its own: the pager's queue for this target goes on undisturbed.
  std::shared_ptr<alerting::Notifier> notifier = spec->make(context_.lent());
  const auto page = page_of(event, target);
  const auto begun = context_.clock.steady();
  auto attempt = notifier->notify(*page, now);
  out.outcome = co_await std::move(attempt);
  out.took = std::chrono::duration_cast<Duration>(context_.clock.steady() - begun);
  out.id = id;
  spdlog::info("test page to {}: {} after {} ms", target, to_string(out.outcome.kind),
               std::chrono::duration_cast<std::chrono::milliseconds>(out.took).count());
  if (out.outcome.kind != alerting::Outcome::Kind::accepted) {
    exercises_[id].over = true;
    co_return out;
  }
  auto ending = owe_end(id, out.outcome);
  co_await std::move(ending);
  context_.tasks.spawn("end of the test of " + target, end_test(id));
  co_return out;
}

// So that nothing stays open at the vendor: its end is a page of the outbox like any other, only
// for later, and so outlives the daemon.
asio::awaitable<void> Exercises::owe_end(std::string id, alerting::Outcome outcome) {
  const Exercise exercise = exercises_[id];
  IncidentEvent began{IncidentEventKind::page, exercise.begun, exercise.incident};
  IncidentEvent ends = end_of(exercise.incident, exercise.begun + kTestLasts);
  auto noted = context_.owe(std::move(began), exercise.target, exercise.begun, std::move(outcome));
  co_await std::move(noted);
  auto owed = context_.owe(std::move(ends), exercise.target, exercise.begun + kTestLasts, {});
  std::string end = co_await std::move(owed);
  if (!exercises_[id].taken_by.empty()) context_.hasten(exercise.target, end);
  exercises_[id].end = std::move(end);
}

asio::awaitable<void> Exercises::end_test(std::string id) {
  const auto until = context_.clock.steady() + kTestLasts;
  while (context_.clock.steady() < until && !exercises_[id].over)
    co_await context_.clock.sleep_for(kLookAgain);
  exercises_[id].over = true;
}

std::string Exercises::drill(const DrillWish& wish) {
  forget_old();
  const auto under_way = std::count_if(exercises_.begin(), exercises_.end(),
                                       [](const auto& one) { return !one.second.over; });
  if (static_cast<std::size_t>(under_way) >= kMost) return {};
  const Time now = context_.clock.now();
  Exercise exercise;
  exercise.incident = drill_incident(wish, context_.language, now);
  exercise.begun = now;
  const std::string id = exercise.incident.id;
  context_.tell({IncidentEventKind::page, now, exercise.incident});
  exercises_[id] = std::move(exercise);
  context_.tasks.spawn("end of the drill " + id, end_drill(id, wish.lasts));
  return id;
}

asio::awaitable<void> Exercises::end_drill(std::string id, Duration lasts) {
  const auto until = context_.clock.steady() + lasts;
  while (context_.clock.steady() < until && !exercises_[id].over)
    co_await context_.clock.sleep_for(kLookAgain);
  Exercise& exercise = exercises_[id];
  exercise.over = true;
  // Also where somebody ended it by hand: nobody is told twice.
  context_.tell(end_of(exercise.incident, context_.clock.now()));
}

std::optional<alerting::CommandResult> Exercises::command(const alerting::Command& command) {
  const auto found = exercises_.find(alerting::incident_of(command.incident));
  if (found == exercises_.end() || !is_test(found->second.incident)) return {};
  const bool again = !found->second.taken_by.empty();
  note(command);
  found->second.over = true;
  context_.hasten(found->second.target, found->second.end);
  using Kind = alerting::CommandResult::Kind;
  return alerting::CommandResult{again ? Kind::nothing : Kind::done,
                                 again ? "the test was taken before" : "the way back works"};
}

void Exercises::note(const alerting::Command& command) {
  const auto found = exercises_.find(alerting::incident_of(command.incident));
  if (found == exercises_.end()) return;
  Exercise& exercise = found->second;
  if (command.kind == alerting::Command::Kind::resolve) exercise.over = true;
  if (!exercise.taken_by.empty()) return;
  exercise.taken_by = command.who;
  exercise.via = command.via;
  exercise.taken_at = command.at;
}

std::vector<Incident> Exercises::open() const {
  std::vector<Incident> out;
  for (const auto& [id, exercise] : exercises_)
    if (!exercise.over) out.push_back(exercise.incident);
  return out;
}

const Exercise* Exercises::find(std::string_view id) const {
  const auto found = exercises_.find(id);
  return found == exercises_.end() ? nullptr : &found->second;
}

void Exercises::forget_old() {
  const Time until = context_.clock.now() - kRemember;
  std::erase_if(exercises_,
                [&](const auto& one) { return one.second.over && one.second.begun < until; });
}

}  // namespace brandwacht::daemon
