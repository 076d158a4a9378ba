#include <boost/asio/io_context.hpp>

#include "connectors/connector.hpp"
#include "tests/connectors/support.hpp"
#include "tests/connectors/zstd_fixture.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::connectors {
namespace {

using Catch::Matchers::Contains;

struct Sources {
  explicit Sources(const std::string& toml) {
    auto document = config::Document::from_string(toml, "test.toml", problems);
    auto root = document.root();
    specs = read_sources(root);
    root.close();
    for (const auto& problem : problems.sorted())
      text += to_string(problem) + "\n";
  }

  config::Problems problems;
  std::vector<ConnectorSpec> specs;
  std::string text;
};

TEST_CASE("sources are read in order, named after their type unless they have a name") {
  const Sources sources(R"(
[[source]]
type = "jetstream"

[[source]]
type = "ndjson"
name = "klantenservice"
path = "mentions.ndjson"
follow = true

[[source]]
type = "ndjson"
path = "-"
)");
  CHECK(sources.text.empty());
  REQUIRE(sources.specs.size() == 3);
  CHECK(sources.specs[0].name == "jetstream");
  CHECK(sources.specs[1].name == "klantenservice");
  CHECK(sources.specs[2].name == "ndjson");

  boost::asio::io_context io;
  boost::asio::thread_pool pool(1);
  SystemClock clock;
  std::vector<bool> finite;
  for (const auto& spec : sources.specs) {
    const auto connector = spec.make({io.get_executor(), pool, clock, "test"});
    CHECK(connector->name() == spec.name);
    finite.push_back(connector->finite());
  }
  CHECK(finite == std::vector<bool>{false, false, true});
}

TEST_CASE("an unknown type is met with the nearest and all that there are") {
  const Sources sources("[[source]]\ntype = \"jetsream\"\nhost = \"x\"\n");
  CHECK(sources.specs.empty());
  CHECK_THAT(sources.text,
             Contains("test.toml:2") && Contains("unknown type of source 'jetsream'") &&
                 Contains("'ndjson', 'jetstream'") && Contains("did you mean 'jetstream'?"));
  CHECK_THAT(sources.text, !Contains("host"));
}

TEST_CASE("a source without a type, and two with one name, are problems") {
  CHECK_THAT(Sources("[[source]]\nname = \"x\"\n").text, Contains("type"));
  const Sources twice("[[source]]\ntype = \"jetstream\"\n[[source]]\ntype = \"jetstream\"\n");
  CHECK_THAT(twice.text, Contains("two sources have the name 'jetstream'"));
}

TEST_CASE("no source at all is left to the caller") {
  const Sources sources("");
  CHECK(sources.specs.empty());
  CHECK(sources.text.empty());
}

TEST_CASE("an unknown key of a source is reported") {
  CHECK_THAT(Sources("[[source]]\ntype = \"ndjson\"\npath = \"x\"\nfolow = true\n").text,
             Contains("folow") && Contains("follow"));
}

struct BadSetting {
  std::string line, message;
};

TEST_CASE("bad settings of Jetstream are told one by one") {
  const auto bad = GENERATE(
      BadSetting{"hosts = []", "at least one host"},
      BadSetting{"hosts = [\"https://jetstream.example\"]", "does not begin with wss:// or ws://"},
      BadSetting{"hosts = [\"wss://\"]", "a host is missing"},
      BadSetting{"hosts = [\"wss://a.example/subscribe?cursor=1\"]", "not a scheme and a host"},
      BadSetting{"collections = [\"app.bsky.fo*\"]",
                 "'app.bsky.fo*' is not the name of a collection"},
      BadSetting{"collections = [\"app.bsky.feed.like\"]", "warning: posts (app.bsky.feed.post)"},
      BadSetting{"dids = [\"polderspoor.test\"]", "'polderspoor.test' is not a DID"},
      BadSetting{"idle_timeout = \"1 s\"", "idle_timeout"},
      BadSetting{"dictionary = \"no-such-file\"", "cannot read"},
      BadSetting{"dictionary = \"/\"", "cannot read"});
  INFO(bad.line);
  const Sources sources("[[source]]\ntype = \"jetstream\"\n" + bad.line + "\n");
  CHECK_THAT(sources.text, Contains("test.toml:3") && Contains(bad.message));
}

TEST_CASE("prefixes that cover posts, and a real dictionary, are fine") {
  TempFolder folder;
  const auto good = folder / "good.zdict", text = folder / "text";
  append_to(good, train_dictionary("polder"));
  append_to(text, "these bytes are text");
  CHECK(
      Sources(
          "[[source]]\ntype = \"jetstream\"\ncollections = [\"app.bsky.feed.*\"]\ndictionary = \"" +
          good.string() + "\"\nhosts = \"ws://localhost:6008/\"\nidle_timeout = \"2 min\"\n")
          .text.empty());
  CHECK_THAT(
      Sources("[[source]]\ntype = \"jetstream\"\ndictionary = \"" + text.string() + "\"\n").text,
      Contains("is no zstd dictionary"));
}

TEST_CASE("NDJSON needs a path") {
  CHECK_THAT(Sources("[[source]]\ntype = \"ndjson\"\n").text, Contains("path"));
  CHECK_THAT(Sources("[[source]]\ntype = \"ndjson\"\npath = \"-\"\nfollow = true\n").text,
             Contains("warning") && Contains("standard input cannot be followed"));
}

}  // namespace
}  // namespace brandwacht::connectors
