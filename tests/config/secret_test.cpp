#include "config/secret.hpp"

#include "tests/config/sample.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht::config;
using std::filesystem::perms;

namespace {

constexpr std::string_view kSecret = "sample key, not a real one";

std::string receiver_with(std::string_view routing_key_file) {
  return "[[receiver]]\ntype = \"pagerduty\"\nrouting_key_file = \"" +
         std::string(routing_key_file) + "\"\n";
}

}  // namespace

TEST_CASE("a secret file is read relative to the configuration and loses one trailing newline") {
  const TemporaryDirectory directory;
  directory.write("key", std::string(kSecret) + "\n");
  const auto file = directory.write("brandwacht.toml", receiver_with("key"));
  Problems problems;
  Document document = Document::from_file(file, problems);
  CHECK(read_sample(document).receivers.at(0).routing_key == kSecret);
  CHECK(lines(problems).empty());
}

TEST_CASE("a Windows line end is cut from a secret, inner blanks are kept") {
  const TemporaryDirectory directory;
  directory.write("key", " a b \r\n");
  CHECK(read_secret_file("key", directory.path()).value == " a b ");
}

TEST_CASE("a second newline is not cut: the secret is refused, not silently changed") {
  const TemporaryDirectory directory;
  directory.write("key", "a\n\n");
  const SecretFile secret = read_secret_file("key", directory.path());
  CHECK(secret.value.empty());
  CHECK(secret.fault == "secret file 'key' holds more than one line");
}

TEST_CASE("a secret that every user can read is taken with a warning") {
  const TemporaryDirectory directory;
  directory.write("key", kSecret, perms{0644});
  const auto file = directory.write("brandwacht.toml", receiver_with("key"));
  Problems problems;
  Document document = Document::from_file(file, problems);
  CHECK(read_sample(document).receivers.at(0).routing_key == kSecret);
  CHECK_FALSE(problems.fatal());
  CHECK(lines(problems) ==
        file.string() +
            ":3:20: warning: secret file 'key' can be read by every user of this machine; "
            "chmod 640 takes that away\n");
}

TEST_CASE("a secret for the group is taken without a warning") {
  const TemporaryDirectory directory;
  directory.write("key", kSecret, perms{0640});
  CHECK(read_secret_file("key", directory.path()).warning.empty());
}

TEST_CASE("a systemd credential is read by its name") {
  const TemporaryDirectory directory;
  directory.write("routing-key", kSecret, perms{0444});
  REQUIRE(::setenv("CREDENTIALS_DIRECTORY", directory.path().c_str(), 1) == 0);
  const SecretFile secret = read_secret_file("credential:routing-key", "/nowhere");
  const SecretFile absent = read_secret_file("credential:absent", "/nowhere");
  const SecretFile outside = read_secret_file("credential:../routing-key", "/nowhere");
  const SecretFile itself = read_secret_file("credential:..", "/nowhere");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  CHECK(secret.value == kSecret);
  CHECK(secret.warning.empty());
  CHECK(absent.fault ==
        "secret file 'credential:absent' cannot be opened: No such file or directory");
  CHECK(outside.fault == "'../routing-key' is not the name of a credential");
  CHECK(itself.fault == "'..' is not the name of a credential");
}

TEST_CASE("a plain secret is taken with a warning that does not show it") {
  Problems problems;
  Document document = Document::from_string(
      "[[receiver]]\ntype = \"x\"\nrouting_key = \"never-shown\"\n", "sample.toml", problems);
  CHECK(read_sample(document).receivers.at(0).routing_key == "never-shown");
  CHECK_FALSE(problems.fatal());
  CHECK(lines(problems) ==
        "sample.toml:3:15: warning: the secret 'routing_key' stands in the configuration itself; "
        "write it to a file and name that with 'routing_key_file'\n");
}

TEST_CASE("a secret of a megabyte is refused") {
  const TemporaryDirectory directory;
  directory.write("key", std::string(1024 * 1024, 'a'));
  CHECK(read_secret_file("key", directory.path()).fault ==
        "secret file 'key' is larger than 64 KiB, the most that is read here");
}
