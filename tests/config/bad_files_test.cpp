// Every file of bad/ is a configuration named by its fault; the file of the same name with the
// ending .problems holds the exact lines that a user must see. BRANDWACHT_WRITE_PROBLEMS=1 writes
// those files anew, for a look at the diff.
#include <algorithm>
#include <sstream>

#include "tests/config/sample.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht::config;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> bad_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(BRANDWACHT_CONFIG_TESTS) / "bad")) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

// Without the directory, which is another one on every machine.
std::string problems_of(const fs::path& file) {
  Problems problems;
  Document document = Document::from_file(file, problems);
  read_sample(document);
  std::string text = lines(problems);
  const std::string directory = file.parent_path().string() + "/";
  for (std::size_t at = 0; (at = text.find(directory, at)) != std::string::npos;) {
    text.erase(at, directory.size());
  }
  return text;
}

}  // namespace

TEST_CASE("every bad configuration is told exactly its problems") {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  const auto files = bad_files();
  REQUIRE(files.size() >= 55);
  const bool write = std::getenv("BRANDWACHT_WRITE_PROBLEMS") != nullptr;
  for (const fs::path& file : files) {
    INFO(file.filename().string());
    fs::path expected = file;
    expected.replace_extension(".problems");
    const std::string got = problems_of(file);
    if (write) std::ofstream(expected, std::ios::binary) << got;
    CHECK(got == content(expected));
    CHECK_FALSE(got.empty());
  }
  if (write) FAIL("the expected problems were written anew; look at the diff and run again");
}

TEST_CASE("no problem of a bad configuration shows a secret") {
  for (const fs::path& file : bad_files()) {
    INFO(file.filename().string());
    const std::string got = problems_of(file);
    CHECK(got.find("never-shown") == std::string::npos);
    CHECK(got.find("12345") == std::string::npos);
    CHECK(got.find("98765") == std::string::npos);
  }
}
