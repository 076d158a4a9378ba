#include "monitor/daemon/terminal.hpp"

#include "tests/support/catch.hpp"

namespace brandwacht::daemon {
namespace {

TEST_CASE("columns are counted as a terminal draws them") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("één") == 3);
  CHECK(display_width("e\xCC\x81") == 1);
  CHECK(display_width("😡") == 2);
}

TEST_CASE("fit cuts or pads to exactly so many columns and never inside a character") {
  CHECK(fit("abc", 5) == "abc  ");
  CHECK(fit("abcdef", 4) == "abc…");
  CHECK(display_width(fit("😡😡😡😡", 4)) == 4);
  CHECK(fit("a\nb", 3) == "a b");
  CHECK(display_width(fit("\xF0\x9F", 4)) == 4);  // a torn character
}

TEST_CASE("wrap breaks at spaces and keeps long words whole") {
  CHECK(wrap("een twee drie", 8, "") == "een twee\ndrie");
  CHECK(wrap("eenheellangwoord", 4, "> ") == "> eenheellangwoord");
  CHECK(wrap("", 4, "> ") == "> ");
}

TEST_CASE("no colour when it is off") {
  CHECK(Paint{false}.red("x") == "x");
  CHECK(Paint{true}.red("x") == "\x1b[31mx\x1b[0m");
}

}  // namespace
}  // namespace brandwacht::daemon
