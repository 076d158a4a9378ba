// The dead man's switch's own post on its way through the line.
#include "monitor/line/probe.hpp"

#include "tests/line/scene.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::line {
namespace {
using namespace scene;
using namespace std::chrono_literals;

Settings probed() {
  Settings out = settings();
  out.brands.push_back(probe_brand());
  return out;
}

}  // namespace

TEST_CASE("a probe is matched, scored and decided, and pages each time") {
  Watched watched(probed());
  for (int i = 0; i < 100; ++i)
    REQUIRE(watched.line.probe(kStart + i * 1min));
  REQUIRE(watched.events.size() == 100);
  for (const auto& event : watched.events) {
    CHECK(event.kind == IncidentEventKind::page);
    CHECK(event.incident.tier == Tier::t1);
    CHECK(is_probe(event.incident));
  }
  CHECK(watched.events[0].incident.id != watched.events[1].incident.id);
}

TEST_CASE("a probe counts nowhere and leaves nothing behind") {
  int judged = 0;
  Hooks hooks;
  hooks.judged = [&](const Judged&) { ++judged; };
  hooks.learnt = [&](const Learnt&) { ++judged; };
  Line line(probed(), std::move(hooks));
  for (int i = 0; i < 100; ++i)
    line.probe(kStart + i * 1min);
  CHECK(judged == 0);
  CHECK(line.threads() == 0);
  CHECK(line.stats().received == 0);
  CHECK(line.stats().matched == 0);
  CHECK(line.stats().official == 0);
  CHECK(line.stats().events == std::array<std::uint64_t, 5>{});
  CHECK(line.table().stats().evicted == 0);
  CHECK_FALSE(line.has_open());
}

TEST_CASE("what the line says of others is the same with probes and without, to the byte") {
  Watched with(probed()), without(settings());
  for (int i = 0; i <= 40; ++i) {
    const Time at = kStart + i * 30s;
    const auto mention =
        i == 0 ? post("root", "anouk",
                      "Sinds vanmorgen werkt de app van Polderbank niet, schandalig", at)
               : reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i), at);
    with.line.probe(at);
    with.see(mention);
    without.see(mention);
    with.line.tick(at);
    without.line.tick(at);
  }
  std::vector<std::string> a, b;
  for (const auto& event : with.events)
    if (!is_probe(event.incident)) a.push_back(to_json(event));
  for (const auto& event : without.events)
    b.push_back(to_json(event));
  CHECK_FALSE(b.empty());
  CHECK(a == b);
  CHECK(with.line.stats().received == without.line.stats().received);
}

TEST_CASE("somebody's post with the words of a probe is about nobody") {
  Watched watched(probed());
  watched.see(post("1", "kees", "brandwachtprobe NL91 ABNA 0417 1643 00", kStart));
  CHECK(watched.events.empty());
  CHECK(watched.line.stats().unmatched == 1);
  CHECK(watched.line.threads() == 0);
  watched.see(post("2", "kees", "brandwachtprobe, Polderbank, waardeloos", kStart));
  CHECK(watched.line.stats().matched == 1);  // about the bank
}

TEST_CASE("a line without the probes' brand takes none") {
  Watched watched;
  CHECK_FALSE(watched.line.probe(kStart));
  CHECK(watched.events.empty());
}

}  // namespace brandwacht::line
