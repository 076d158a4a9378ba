// Secrets out of files: never in the configuration, the environment, a log line or a message.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace brandwacht::config {

struct SecretFile {
  std::string value;
  std::string
      fault;  // one sentence that names the file and not its content; empty: `value` is the secret
  std::string warning;  // every user of the machine can read it
};

// `written` as in the configuration: "credential:NAME" is $CREDENTIALS_DIRECTORY/NAME (systemd's
// LoadCredential=), anything else a path, relative to `base`. One trailing newline is cut; a secret
// is one line of text.
SecretFile read_secret_file(std::string_view written, const std::filesystem::path& base);

// Why `value` cannot be a secret: empty, or with control characters, which could end a header
// early. Empty: it can.
std::string secret_fault(std::string_view value);

}  // namespace brandwacht::config
