#include "monitor/daemon/changes.hpp"

#include "tests/support/catch.hpp"

namespace brandwacht::daemon {

TEST_CASE("what decides is compared with the last start, value by value") {
  Settings settings;
  settings.line.brands.push_back({"Polderbank", {"polderbank"}, {}, {}});
  settings.receivers.push_back({"phone", "pagerduty", {}});
  const std::string before = deciding_settings(settings);
  CHECK_FALSE(what_changed("", before, {}));  // a first start is no change
  CHECK_FALSE(what_changed(before, before, {}));
  settings.line.decision.theta_page = 0.75;
  settings.receivers[0].name = "night";
  const auto change = what_changed(before, deciding_settings(settings), Time{});
  REQUIRE(change);
  REQUIRE(change->details.size() == 3);
  CHECK(change->summary == "Brandwacht's settings changed: receiver night and 2 more");
  CHECK(change->details[0].second == "new: pagerduty");
  CHECK(change->details[1] == std::pair<std::string, std::string>("theta_page", "0.5 -> 0.75"));
  CHECK(change->details[2].second == "gone, was: pagerduty");
}

}  // namespace brandwacht::daemon
