#include "monitor/daemon/toml_edit.hpp"

#include <stdexcept>

#include "tests/daemon/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace {

constexpr const char* kBefore =
    "# Ours.\n[daemon]\nlanguage = \"nl\"\n\n[decision]   # when\n# Page from here on.\n"
    "theta_page = 0.5     # was 0.6\n\n# model = \"escalation.toml\"\n\nhold = \"60 s\"\n\n"
    "# --- Whom ---\n[[receiver]]\ntype = \"log\"\n";

TEST_CASE("a value is changed in its line, and everything else stays to the byte") {
  const auto after = edit_toml(kBefore, {{"decision", "theta_page", "0.31"}});
  std::string expected = kBefore;
  expected.replace(expected.find("0.5 "), 3, "0.31");
  CHECK(after == expected);
  CHECK(edit_toml(kBefore, {{"daemon", "language", "\"en\""}}).find("language = \"en\"\n") !=
        std::string::npos);
}

TEST_CASE("what stands there as a comment comes below it, what is new behind its section") {
  const auto after = edit_toml(kBefore, {{"decision", "model", "\"escalation.toml\""},
                                         {"decision", "stale", "\"20 min\""},
                                         {"budget", "pages", "\"2/week\""}});
  CHECK(after.find("# model = \"escalation.toml\"\nmodel = \"escalation.toml\"\n") !=
        std::string::npos);
  CHECK(after.find("hold = \"60 s\"\nstale = \"20 min\"\n\n# --- Whom") != std::string::npos);
  CHECK(after.ends_with("\n[budget]\npages = \"2/week\"\n"));
}

TEST_CASE("line ends of Windows stay, and a last line without an end gets one only if it must") {
  CHECK(edit_toml("[decision]\r\ntheta_page = 0.5\r\n", {{"decision", "hold", "\"9 s\""}}) ==
        "[decision]\r\ntheta_page = 0.5\r\nhold = \"9 s\"\r\n");
  CHECK(edit_toml("", {{"budget", "pages", "\"1/week\""}}) == "[budget]\npages = \"1/week\"\n");
}

TEST_CASE("the difference is what patch(1) understands") {
  const test::TempDir dir;
  const auto after = edit_toml(kBefore, {{"decision", "theta_page", "0.31"},
                                         {"decision", "model", "\"escalation.toml\""},
                                         {"budget", "pages", "\"2/week\""}});
  CHECK(unified_diff(kBefore, kBefore, "c.toml").empty());
  dir.write("c.toml", kBefore);
  dir.write("expected.toml", after);
  dir.write("c.diff", unified_diff(kBefore, after, "c.toml"));
  const auto ran =
      test::shell("cd " + dir.path().string() +
                  " && if command -v patch >/dev/null; then patch -s -p0 < c.diff; else "
                  "git apply --unsafe-paths -p0 c.diff; fi && cmp c.toml expected.toml");
  INFO(ran.out);
  CHECK(ran.status == 0);
}

TEST_CASE("a file is replaced in one step, with its permissions, and what was there is kept") {
  const test::TempDir dir;
  const auto file = dir.write("c.toml", "old\n");
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  replace_file(file, "new\n");
  const auto ran = test::shell("cd " + dir.path().string() +
                               " && cat c.toml c.toml.bak && stat -c %a c.toml && ls | wc -l");
  CHECK(ran.out == "new\nold\n600\n2\n");
  CHECK_THROWS_AS(replace_file(dir.path() / "no/such", "x"), std::runtime_error);
}

}  // namespace
}  // namespace brandwacht::daemon
