#include "monitor/replay/replay.hpp"

#include <sstream>

#include "tests/line/scene.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::line {
namespace {
using namespace scene;
using namespace std::chrono_literals;

std::string recording() {
  std::string out =
      to_json(post("root", "anouk", "Polderbank werkt niet, schandalig", kStart).view()) + "\n";
  for (int i = 1; i <= 20; ++i)
    out += to_json(reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i),
                         kStart + i * 40s)
                       .view()) +
           "\n";
  out += to_json(
             post("later", "piet", "Polderbank heeft nieuwe openingstijden", kStart + 40h).view()) +
         "\n";
  return out;
}

std::vector<std::string> play(const std::string& text) {
  Watched watched;
  replay::VirtualTime time(watched.line);
  replay::Stats stats;
  std::istringstream in(text);
  replay::replay(in, time, stats);
  std::vector<std::string> out;
  for (const auto& event : watched.events)
    out.push_back(to_json(event));
  return out;
}

TEST_CASE("the same recording gives the same events, byte for byte") {
  const auto first = play(recording());
  CHECK(first.size() >= 3);  // page, cool, close
  CHECK(play(recording()) == first);
}

TEST_CASE("how time is cut does not change when a hold is over") {
  const auto run = [](Duration step) {
    Watched watched;
    replay::VirtualTime time(watched.line);
    for (int i = 0; i <= 7; ++i) {
      auto mention = i == 0 ? post("root", "anouk", "Polderbank werkt niet, schandalig", kStart)
                            : reply("r" + std::to_string(i), "root", "c" + std::to_string(i),
                                    angry(i), kStart + i * 7s);
      time.process(mention.view());
    }
    for (Time at = kStart + 60s; at <= kStart + 20min; at += step)
      time.advance(at);
    std::vector<Time> when;
    for (const auto& event : watched.events)
      when.push_back(event.at);
    return when;
  };
  const auto coarse = run(5min);
  CHECK(!coarse.empty());
  CHECK(run(1s) == coarse);
  CHECK(run(77s) == coarse);
}

TEST_CASE("faulty lines are counted by kind and the rest is read") {
  Watched watched;
  replay::VirtualTime time(watched.line);
  replay::Stats stats;
  std::istringstream in("{\"platform\":\"x\"\n" + recording() +
                        "[]\n{\"platform\":\"x\",\"id\":\"1\",\"author\":\"a\"}\n");
  replay::replay(in, time, stats);
  CHECK(stats.mentions == 22);
  CHECK(stats.faults[static_cast<std::size_t>(LineFault::truncated)] == 1);
  CHECK(stats.faults[static_cast<std::size_t>(LineFault::not_an_object)] == 1);
  CHECK(stats.faults[static_cast<std::size_t>(LineFault::missing_field)] == 1);  // no time at all
}

}  // namespace
}  // namespace brandwacht::line
