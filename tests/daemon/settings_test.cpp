#include "monitor/daemon/settings.hpp"

#include "tests/support/catch.hpp"

namespace brandwacht::daemon {
namespace {

std::vector<config::Problem> problems_of(std::string_view toml) {
  config::Problems problems;
  auto document = config::Document::from_string(toml, "test.toml", problems);
  if (document.ok()) (void)read_settings(document, problems);
  return problems.sorted();
}

bool says(const std::vector<config::Problem>& problems, std::uint32_t line,
          std::string_view words) {
  for (const auto& problem : problems)
    if (problem.at.line == line && to_string(problem).find(words) != std::string::npos) return true;
  return false;
}

TEST_CASE("the default configuration that ships is right and holds the defaults of the code") {
  config::Problems problems;
  const auto settings =
      read_settings(std::string(BRANDWACHT_SOURCE) + "/config/brandwacht.toml", problems);
  for (const auto& problem : problems.sorted())
    UNSCOPED_INFO(to_string(problem));
  CHECK_FALSE(problems.fatal());
  CHECK_FALSE(settings.line.brands.empty());
  const thread::DecisionSettings fresh;
  CHECK(settings.line.decision.theta_page == fresh.theta_page);
  CHECK(settings.line.decision.min_joiners == fresh.min_joiners);
  CHECK(settings.line.decision.hold == fresh.hold);
  CHECK(settings.line.decision.stale == fresh.stale);
  CHECK(settings.line.threads.window == thread::Settings{}.window);
  CHECK(settings.daemon.listen_port == DaemonSettings{}.listen_port);
}

TEST_CASE("complaint 09: every problem of a configuration is reported at once, each at its place") {
  const auto problems = problems_of(R"([daemon]
listen = "nowhere"
lgo_level = "info"
[[brand]]
name = "Polderbank"
termz = ["polderbank"]
[decision]
theta_page = 7
hold = "soon"
[[source]]
type = "jetsteam"
[[receiver]]
type = "pagerdutty"
)");
  CHECK(says(problems, 2, "address"));
  CHECK(says(problems, 3, "log_level"));
  CHECK(says(problems, 6, "terms"));
  CHECK(says(problems, 8, "theta_page"));
  CHECK(says(problems, 9, "hold"));
  CHECK(says(problems, 11, "jetstream"));
  CHECK(says(problems, 13, "pagerduty"));
}

TEST_CASE("a configuration without a brand is refused") {
  config::Problems problems;
  auto document = config::Document::from_string("[daemon]\n", "test.toml", problems);
  (void)read_settings(document, problems);
  CHECK(problems.fatal());
}

TEST_CASE("an IPv6 address to listen on is understood") {
  config::Problems problems;
  auto document = config::Document::from_string(
      "[daemon]\nlisten = \"[::1]:9000\"\n[[brand]]\nname = \"a\"\nterms = [\"abc\"]\n",
      "test.toml", problems);
  const auto settings = read_settings(document, problems);
  CHECK_FALSE(problems.fatal());
  CHECK(settings.daemon.listen_address == "::1");
  CHECK(settings.daemon.listen_port == 9000);
}

}  // namespace
}  // namespace brandwacht::daemon
