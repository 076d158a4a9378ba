#include "tests/config/sample.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht::config;
using namespace std::chrono_literals;

namespace {

Document parsed(std::string_view text, Problems& problems) {
  return Document::from_string(text, "sample.toml", problems);
}

}  // namespace

TEST_CASE("every kind of value is read") {
  Problems problems;
  Document document = parsed(R"(
[daemon]
listen = "0.0.0.0:1"
data_dir = "data"
level = "error"
workers = 64
threshold = 1
verbose = true
hold = "1.5 min"

[[brand]]
name = "Voorbeeld"
terms = ["voorbeeld", "vbld"]

[[brand]]
name = "Tweede"
terms = "tweede"
)",
                             problems);
  const Sample sample = read_sample(document);
  CHECK(lines(problems).empty());
  CHECK(sample.listen == "0.0.0.0:1");
  CHECK(sample.data_dir == "data");
  CHECK(sample.level == 3);
  CHECK(sample.workers == 64);
  CHECK(sample.threshold == 1.0);
  CHECK(sample.verbose);
  CHECK(sample.hold == 90s);
  REQUIRE(sample.brands.size() == 2);
  CHECK(sample.brands[0].terms == std::vector<std::string>{"voorbeeld", "vbld"});
  CHECK(sample.brands[1].terms == std::vector<std::string>{"tweede"});
}

TEST_CASE("a bad value leaves its target as it was") {
  Problems problems;
  Document document = parsed(
      "[daemon]\nlisten = 1\ndata_dir = \"\"\nlevel = \"loud\"\nworkers = 65\nthreshold = "
      "-0.1\nverbose = 1\n"
      "hold = \"0 s\"\n[[brand]]\nname = \"a\"\nterms = [\"b\", 1]\n",
      problems);
  const Sample sample = read_sample(document);
  CHECK(problems.sorted().size() == 8);
  CHECK(sample.listen == "127.0.0.1:8428");
  CHECK(sample.data_dir.empty());
  CHECK(sample.level == 1);
  CHECK(sample.workers == 2);
  CHECK(sample.threshold == 0.5);
  CHECK_FALSE(sample.verbose);
  CHECK(sample.hold == 60s);
  CHECK(sample.brands.at(0).terms.empty());
}

TEST_CASE("the bounds of a range belong to it") {
  for (const char* text : {"workers = 1", "workers = 64", "threshold = 0", "threshold = 1.0",
                           "hold = \"1 s\"", "hold = \"60 min\""}) {
    INFO(text);
    Problems problems;
    Document document = parsed("[daemon]\n" + std::string(text), problems);
    read_sample(document);
    CHECK(lines(problems).empty());
  }
}

TEST_CASE("an open range is told by its one end") {
  Problems problems;
  Document document = parsed("a = 0\nb = -1\nc = 9", problems);
  Section root = document.root();
  std::int64_t whole = 0;
  double number = 0;
  root.read("a", whole, 1, std::numeric_limits<std::int64_t>::max());
  root.read("b", number, 0, std::numeric_limits<double>::max());
  root.read("c", whole, std::numeric_limits<std::int64_t>::min(), 5);
  root.close();
  CHECK(lines(problems) ==
        "sample.toml:1:5: error: 'a' must be at least 1, but is 0\n"
        "sample.toml:2:5: error: 'b' must be at least 0, but is -1\n"
        "sample.toml:3:5: error: 'c' must be at most 5, but is 9\n");
}

TEST_CASE("paths are relative to the configuration file, absolute ones stay") {
  const TemporaryDirectory directory;
  const auto file = directory.write("brandwacht.toml", "a = \"x/../y\"\nb = \"/var/lib\"\n");
  Problems problems;
  Document document = Document::from_file(file, problems);
  Section root = document.root();
  std::filesystem::path a, b, c = "kept";
  root.read_path("a", a);
  root.read_path("b", b);
  root.read_path("c", c);
  CHECK(a == directory.path() / "y");
  CHECK(b == "/var/lib");
  CHECK(c == "kept");
}

TEST_CASE("a key that was asked for is known, whether it is there or not") {
  Problems problems;
  Document document = parsed("a = 1\n[b]\n", problems);
  Section root = document.root();
  CHECK(root.has("a"));
  CHECK_FALSE(root.has("c"));
  CHECK(root.keys() == std::vector<std::string>{"a", "b"});
  std::int64_t a = 0;
  root.read("a", a, 0, 9);
  CHECK(root.section("b").has_value());
  CHECK_FALSE(root.section("c").has_value());
  CHECK(root.sections("d").empty());
  root.close();
  CHECK(lines(problems).empty());
}

TEST_CASE("looking is not reading: an unread key is unknown") {
  Problems problems;
  Document document = parsed("a = 1\n", problems);
  Section root = document.root();
  CHECK(root.has("a"));
  root.close();
  CHECK(lines(problems) == "sample.toml:1:1: error: unknown key 'a'\n");
}

TEST_CASE("a caller's problem stands at the key's value, or at its table when the key is absent") {
  Problems problems;
  Document document = parsed("top = 1\n  [decision]\nhold = 3\n", problems);
  Section root = document.root();
  root.problem("top", "too odd", "try 2");
  root.problem("absent", "of the whole file");
  auto decision = root.section("decision");
  REQUIRE(decision.has_value());
  decision->warn("hold", "a bit long");
  decision->problem("", "of the table");
  CHECK(lines(problems) ==
        "sample.toml: error: of the whole file\n"
        "sample.toml:1:7: error: too odd; try 2\n"
        "sample.toml:2:3: error: of the table\n"
        "sample.toml:3:8: warning: a bit long\n");
}

TEST_CASE("a section outlives the document it came from") {
  Problems problems;
  std::optional<Section> section;
  {
    Document document = parsed("[a]\nb = \"c\"\n", problems);
    section = document.root().section("a");
  }
  REQUIRE(section.has_value());
  std::string value;
  section->read("b", value);
  CHECK(value == "c");
}
