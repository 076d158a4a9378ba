// Does a page arrive, and does an answer come back? A test goes straight to one receiver; a drill
// is an invented incident that goes the whole way, and says of itself that it is one.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/command.hpp"
#include "alerting/notifier.hpp"
#include "monitor/clock.hpp"
#include "monitor/exercise.hpp"
#include "monitor/incident.hpp"
#include "monitor/task_group.hpp"

namespace brandwacht::daemon {

struct DrillWish {
  std::string brand, platform = "bluesky";
  Tier tier = Tier::t2;
  Duration lasts = std::chrono::minutes{15};  // then it ends by itself
};

// The invented incident; everything it says is marked as an exercise. Pure.
Incident drill_incident(const DrillWish& wish, std::string_view language, Time now);
Incident test_incident(std::string_view target, std::string_view language, Time now);

struct Exercise {
  Incident incident;
  Time begun{};
  std::string taken_by, via;  // empty: nobody yet
  Time taken_at{};
  bool over = false;
  std::string target, end;  // of a test: its receiver, and the delivery that ends it
};

struct TestResult {
  std::string id;  // of the invented incident; empty: there is no such receiver
  alerting::Outcome outcome;
  Duration took{0};
};

// What the daemon lends; outlives it.
struct ExerciseContext {
  Clock& clock;
  TaskGroup& tasks;
  const std::vector<alerting::NotifierSpec>& receivers;
  std::function<alerting::NotifierContext()> lent;
  std::function<void(IncidentEvent)> tell;  // as the line tells
  // Alerting's Pager::owe() and hasten().
  std::function<boost::asio::awaitable<std::string>(IncidentEvent, std::string receiver, Time when,
                                                    std::optional<alerting::Outcome> accepted)>
      owe;
  std::function<void(const std::string& receiver, const std::string& delivery)> hasten;
  std::string language = "en";
};

class Exercises {
 public:
  explicit Exercises(ExerciseContext context) : context_(std::move(context)) {}

  boost::asio::awaitable<TestResult> test(std::string target);
  // The id; empty: too many are under way.
  std::string drill(const DrillWish& wish);

  // The way back of a test ends here; nullopt: it is none.
  std::optional<alerting::CommandResult> command(const alerting::Command& command);
  // The way back of a drill goes on to the pager, and is noted.
  void note(const alerting::Command& command);
  const Exercise* find(std::string_view id) const;
  std::vector<Incident> open() const;  // of those that are not over

 private:
  boost::asio::awaitable<void> owe_end(std::string id, alerting::Outcome outcome);
  boost::asio::awaitable<void> end_test(std::string id);
  boost::asio::awaitable<void> end_drill(std::string id, Duration lasts);
  void forget_old();

  ExerciseContext context_;
  std::map<std::string, Exercise, std::less<>> exercises_;
};

// The close event of a drill.
IncidentEvent end_of(Incident incident, Time now);

}  // namespace brandwacht::daemon
