#include "alerting/route.hpp"
#include "tests/alerting/builders.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using Names = std::vector<std::string>;
const Names kReceivers{"phone", "chat", "log"};

Routes read(std::string_view toml, config::Problems& problems) {
  auto document = config::Document::from_string(toml, "test.toml", problems);
  auto root = document.root();
  return read_routes(root, kReceivers);
}

Names targets(std::string_view toml, const IncidentEvent& event) {
  config::Problems problems;
  auto routes = read(toml, problems);
  REQUIRE_FALSE(problems.fatal());
  return routes.of(event, {}, kNoon).receivers;
}

IncidentEvent event_of(IncidentEventKind kind, Tier tier) {
  return invented_event(kind, invented_incident(1, tier));
}

constexpr auto kPage = IncidentEventKind::page;

}  // namespace

TEST_CASE("without routes every receiver gets everything") {
  CHECK(targets("", event_of(kPage, Tier::t3)) == kReceivers);
}

TEST_CASE("the first route that matches wins") {
  constexpr auto kToml = R"(
[[route]]
tier = "t1"
receivers = ["phone"]
[[route]]
brand = ["acme", "other"]
receivers = ["chat"]
[[route]]
receivers = ["log"]
)";
  CHECK(targets(kToml, event_of(kPage, Tier::t1)) == Names{"phone"});
  CHECK(targets(kToml, event_of(kPage, Tier::t2)) == Names{"chat"});
  auto other = event_of(kPage, Tier::t2);
  other.incident.brand = "third";
  CHECK(targets(kToml, other) == Names{"log"});
}

TEST_CASE("a route that continues adds to the ones below, each receiver once") {
  constexpr auto kToml = R"(
[[route]]
platform = "bluesky"
receivers = ["log", "chat"]
continue = true
[[route]]
receivers = ["chat", "phone"]
)";
  CHECK(targets(kToml, event_of(kPage, Tier::t2)) == Names{"log", "chat", "phone"});
}

TEST_CASE("pages and notifications can be told apart by event") {
  constexpr auto kToml = R"(
[[route]]
event = "page"
receivers = ["phone"]
[[route]]
event = ["notify"]
receivers = ["chat"]
)";
  CHECK(targets(kToml, event_of(IncidentEventKind::notify, Tier::t3)) == Names{"chat"});
  CHECK(targets(kToml, event_of(kPage, Tier::t2)) == Names{"phone"});
  CHECK(targets(kToml, event_of(IncidentEventKind::upgrade, Tier::t1)) == Names{"phone"});
  CHECK(targets(kToml, event_of(IncidentEventKind::close, Tier::t3)) == Names{"chat"});
  CHECK(targets(kToml, event_of(IncidentEventKind::close, Tier::t2)) == Names{"phone"});
}

TEST_CASE("an unknown receiver is a problem that names the nearest one") {
  config::Problems problems;
  read("[[route]]\nreceivers = [\"phnoe\"]\n", problems);
  REQUIRE(problems.sorted().size() == 1);
  CHECK(problems.fatal());
  CHECK_THAT(to_string(problems.sorted().at(0)), Catch::Contains("test.toml:2:") &&
                                                     Catch::Contains("phnoe") &&
                                                     Catch::Contains("'phone'"));
}

TEST_CASE("every fault of a route is reported at once") {
  config::Problems problems;
  read("[[route]]\ntier = [\"T9\"]\nevent = \"pgae\"\nbrnad = \"x\"\n", problems);
  std::string all;
  for (const auto& problem : problems.sorted())
    all += to_string(problem) + "\n";
  CHECK_THAT(all, Catch::Contains("T9") && Catch::Contains("'page'") && Catch::Contains("brnad") &&
                      Catch::Contains("receivers"));
}

TEST_CASE("routes that leave some events to nobody are a warning") {
  config::Problems problems;
  auto routes = read("[[route]]\ntier = \"T1\"\nreceivers = \"phone\"\n", problems);
  REQUIRE(problems.sorted().size() == 1);
  CHECK_FALSE(problems.fatal());
  CHECK(routes.of(event_of(kPage, Tier::t2), {}, kNoon).receivers.empty());
}

}  // namespace brandwacht::alerting
