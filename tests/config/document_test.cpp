#include <sys/stat.h>

#include "tests/config/sample.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht::config;

namespace {

std::string fault_of(const std::filesystem::path& file) {
  Problems problems;
  const Document document = Document::from_file(file, problems);
  CHECK_FALSE(document.ok());
  CHECK(problems.fatal());
  REQUIRE(problems.sorted().size() == 1);
  CHECK(problems.sorted()[0].file == file.string());
  CHECK(problems.sorted()[0].at.line == 0);
  return problems.sorted()[0].message;
}

}  // namespace

TEST_CASE("a missing configuration file is one problem without a position") {
  const TemporaryDirectory directory;
  CHECK(fault_of(directory.path() / "absent.toml") ==
        "cannot be opened: No such file or directory");
}

TEST_CASE("a directory is not read as a configuration") {
  const TemporaryDirectory directory;
  CHECK(fault_of(directory.path()) == "is a directory, not a file");
}

TEST_CASE("a fifo without a writer does not hang the reader") {
  const TemporaryDirectory directory;
  const auto fifo = directory.path() / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(fault_of(fifo) == "is not a regular file");
}

TEST_CASE("a configuration of ten megabytes is refused unread") {
  const TemporaryDirectory directory;
  const auto file = directory.write("large.toml", "");
  std::filesystem::resize_file(file, 10 * 1024 * 1024);
  CHECK(fault_of(file) == "is larger than 1024 KiB, the most that is read here");
}

TEST_CASE("a file whose size is not known beforehand is bounded while it is read") {
  // /proc says that its files are empty; they are not.
  if (!std::filesystem::exists("/proc/self/maps")) {
    WARN("no /proc here: not tested");
    return;
  }
  Problems problems;
  const Document document = Document::from_file("/proc/self/maps", problems);
  CHECK_FALSE(document.ok());
  REQUIRE(problems.sorted().size() == 1);
  CHECK(problems.sorted()[0].at.line == 1);  // so its text was read, and is no TOML
}

TEST_CASE("a text beyond the limit is refused as a string too") {
  Problems problems;
  const std::string text(1024 * 1024 + 1, '\n');
  CHECK_FALSE(Document::from_string(text, "sample.toml", problems).ok());
  CHECK(lines(problems) == "sample.toml: error: is larger than 1024 KiB\n");
}

TEST_CASE("an empty configuration is good") {
  Problems problems;
  Document document = Document::from_string("", "sample.toml", problems);
  CHECK(document.ok());
  CHECK(read_sample(document).workers == 2);
  CHECK(lines(problems).empty());
}

TEST_CASE("a key as deep as a hundred thousand tables neither crashes nor hangs") {
  std::string header = "[a";
  for (int i = 0; i < 100'000; ++i)
    header += ".a";
  Problems problems;
  CHECK_FALSE(Document::from_string(header + "]\n", "sample.toml", problems).ok());
  CHECK(lines(problems) == "sample.toml:1:33: error: a key of more than 16 parts\n");
}

TEST_CASE("quotes do not hide a deep key, and strings and comments are not taken for one") {
  const std::string dots(200, '.');
  Problems good;
  CHECK(Document::from_string("# " + dots + "\na = \"" + dots + "\"\nb = '" + dots +
                                  "'\nc = \"\"\"\\\"\n" + dots + "\"\"\"\nd = '''\n" + dots +
                                  "'''\n",
                              "sample.toml", good)
            .ok());
  CHECK(lines(good).empty());

  std::string key = "\"#\"";
  for (int i = 0; i < 40; ++i)
    key += " . '='";
  Problems bad;
  CHECK_FALSE(Document::from_string(key + " = 1\n", "sample.toml", bad).ok());
  CHECK(lines(bad).find("a key of more than 16 parts") != std::string::npos);
}

TEST_CASE("any prefix of a configuration gives an answer") {
  const std::string text =
      "[daemon]\nhold = \"9 s\" # '\n[[brand]]\nname = \"\"\"a\\\"b\"\"\"\nterms = ['x', '''y''', "
      "{z = 1}]\n";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    Problems problems;
    Document document = Document::from_string(text.substr(0, size), "sample.toml", problems);
    read_sample(document);
    CHECK(document.ok() == (lines(problems).find("syntax error") == std::string::npos &&
                            lines(problems).find("Error") == std::string::npos));
  }
}

TEST_CASE("problems are sorted by file, line and column, and equal places keep their order") {
  Problems problems;
  problems.add({"b.toml", {1, 1}, "fourth", {}, false});
  problems.add({"a.toml", {10, 2}, "third", {}, true});
  problems.add({"a.toml", {2, 9}, "second", "try", false});
  problems.add({"a.toml", {}, "first", {}, false});
  problems.add({"b.toml", {1, 1}, "fifth", {}, false});
  CHECK(lines(problems) ==
        "a.toml: error: first\na.toml:2:9: error: second; try\na.toml:10:2: warning: third\n"
        "b.toml:1:1: error: fourth\nb.toml:1:1: error: fifth\n");
  CHECK(problems.fatal());
}

TEST_CASE("warnings alone are not fatal") {
  Problems problems;
  CHECK_FALSE(problems.fatal());
  problems.add({"a.toml", {1, 1}, "old", {}, true});
  CHECK_FALSE(problems.fatal());
}
