#include "config/words.hpp"

#include "config/reader.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht::config;

TEST_CASE("a misspelt word finds the nearest one") {
  const std::vector<std::string> keys{"terms",       "exclude",     "accounts", "name",
                                      "min_joiners", "max_threads", "type"};
  CHECK(did_you_mean("termz", keys) == "did you mean 'terms'?");
  CHECK(did_you_mean("TERMS", keys) == "did you mean 'terms'?");
  CHECK(did_you_mean("nmae", keys) == "did you mean 'name'?");  // a swap is one edit
  CHECK(did_you_mean("tpye", keys) == "did you mean 'type'?");
  CHECK(did_you_mean("account", keys) == "did you mean 'accounts'?");
  CHECK(did_you_mean("min-joiners", keys) == "did you mean 'min_joiners'?");
  CHECK(did_you_mean("max_thread", keys) == "did you mean 'max_threads'?");
}

TEST_CASE("a word that resembles nothing finds nothing") {
  CHECK(did_you_mean("port", {"path", "terms"}).empty());
  CHECK(did_you_mean("x", {"y"}).empty());
  CHECK(did_you_mean("", {"a"}).empty());
  CHECK(did_you_mean("name", {}).empty());
  CHECK(did_you_mean(std::string(100'000, 'a'), {"aaaa"}).empty());
}

TEST_CASE("the nearer of two candidates is meant, the earlier of two equal ones") {
  CHECK(did_you_mean("hold", {"holds_", "holds"}) == "did you mean 'holds'?");
  CHECK(did_you_mean("rat", {"cat", "bat"}) == "did you mean 'cat'?");
}

TEST_CASE("a shown word is one short line of text") {
  CHECK(in_quotes("terms") == "'terms'");
  CHECK(in_quotes("a\n\x1b[31m\x7f") == "'a\\x0a\\x1b[31m\\x7f'");
  CHECK(in_quotes("café") == "'café'");
  std::string wide;
  for (int i = 0; i < 61; ++i)
    wide += "é";
  const std::string shown = in_quotes(wide);
  CHECK(shown == "'" + wide.substr(0, 120) + "...'");  // cut between characters, not inside one
  CHECK(in_quotes(wide.substr(2)) == "'" + wide.substr(2) + "'");
}
