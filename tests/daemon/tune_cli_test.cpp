// `fit` and `tune` as a desk runs them, on an invented recording.
#include "tests/daemon/program.hpp"
#include "tests/replay/tune_stream.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace {
using test::has;
using test::shell;

constexpr const char* kConfig =
    "# Ours.\n[[brand]]\nname = \"Polderbank\"\nterms = [\"polderbank\"]\n\n[decision]\n"
    "theta_page = 0.5  # by feel\n\n[[receiver]]\ntype = \"log\"\n";

struct Desk {
  test::TempDir dir;
  explicit Desk(const replay::test::StreamSettings& stream) {
    dir.write("c.toml", kConfig);
    dir.write("weeks.ndjson", replay::test::to_ndjson(replay::test::invented_stream(stream)));
  }
  test::Ran run(const std::string& line) const {
    return shell("cd " + dir.path().string() + " && " + line);
  }
};

// Minutes: ctest runs it as tune_cli.
TEST_CASE("tune says it in one sentence, shows the change, and --write makes exactly that change",
          "[.slow]") {
  const Desk desk({.weeks = 30});
  const auto shown = desk.run("$BW tune -q -c c.toml --budget 2/week --report r.html weeks.ndjson");
  INFO(shown.out);
  REQUIRE(shown.status == 0);
  CHECK(has(shown.out, "At 2/week you would have been paged for"));
  CHECK(has(shown.out, "-theta_page = 0.5  # by feel\n+theta_page = "));
  CHECK(has(shown.out, "+pages = \"2/week\""));
  CHECK(has(desk.run("cat c.toml").out, "theta_page = 0.5  # by feel"));
  CHECK(has(desk.run("cat r.html").out, "<!doctype html>"));
  const auto written = desk.run("$BW tune -q -c c.toml --budget 2/week --write weeks.ndjson");
  INFO(written.out);
  CHECK(written.status == 0);
  const auto after = desk.run("cat c.toml c.toml.bak; $BW check c.toml");
  CHECK(has(after.out, "# Ours.\n[[brand]]"));
  CHECK(has(after.out, "  # by feel\n"));
  CHECK(has(after.out, "[budget]\npages = \"2/week\"\n"));
  CHECK(has(after.out, "c.toml: good"));
}

// Likewise.
TEST_CASE("fit writes a model that the configuration can name, and tune then uses it", "[.slow]") {
  const Desk desk({.weeks = 30});
  const auto fitted = desk.run("$BW fit -q -c c.toml weeks.ndjson");
  INFO(fitted.out);
  REQUIRE(fitted.status == 0);
  CHECK(has(fitted.out, "30 more critics within 6 h"));
  const auto used = desk.run(
      "sed -i 's/^theta_page/model = \"escalation.toml\"\\n&/' c.toml && $BW check c.toml && $BW "
      "tune -q "
      "-c c.toml --budget 2/week weeks.ndjson");
  INFO(used.out);
  CHECK(used.status == 0);
  CHECK_FALSE(has(used.out, "not calibrated"));
  CHECK_FALSE(has(used.out, "+model"));
  const auto other = desk.run(
      "sed -i 's/^scorer_version = .*/scorer_version = 1/' escalation.toml; $BW check c.toml");
  CHECK(other.status == 78);
  CHECK(has(other.out, "was fitted to scores of version 1"));
}

TEST_CASE(
    "too few threads that grew leave the model uncalibrated, and too short a recording tells so") {
  const Desk desk({.weeks = 3});
  const auto fitted = desk.run("$BW fit -q -c c.toml weeks.ndjson");
  CHECK(fitted.status == 65);
  CHECK(has(fitted.out, "uncalibrated"));
  CHECK(desk.run("ls escalation.toml").status != 0);
  const auto tuned = desk.run("$BW tune -q -c c.toml --budget 2/week --write weeks.ndjson");
  CHECK(tuned.status == 65);
  CHECK(has(tuned.out, "too short for 2/week"));
  CHECK(has(tuned.out, "weeks in block C"));
  CHECK(has(desk.run("cat c.toml").out, "theta_page = 0.5  # by feel"));
}

TEST_CASE("tune asks for a budget and says what is wrong with its arguments") {
  const Desk desk({.weeks = 1});
  CHECK(desk.run("$BW tune -c c.toml weeks.ndjson").status == 64);
  const auto bad = desk.run("$BW tune -c c.toml --budget twice weeks.ndjson");
  CHECK(bad.status == 64);
  CHECK(has(bad.out, "--budget 'twice'"));
  CHECK(desk.run("$BW tune -c c.toml --budget 2/week /nowhere").status == 66);
  CHECK(desk.run("$BW tune -c c.toml --budget 2/week --from soon weeks.ndjson").status == 64);
}

}  // namespace
}  // namespace brandwacht::daemon
