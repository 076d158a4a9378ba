#include "config/secret.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "config/text_file.hpp"
#include "config/words.hpp"

namespace brandwacht::config {
namespace {

constexpr std::string_view kCredential = "credential:";
constexpr std::size_t kMaxBytes = 64 * 1024;

SecretFile fail(std::string fault) {
  return {{}, std::move(fault), {}};
}

}  // namespace

std::string secret_fault(std::string_view value) {
  if (value.empty()) return "is empty";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\r') return "holds more than one line";
    if (byte < 0x20 || byte == 0x7F) return "holds a control character";
  }
  return {};
}

SecretFile read_secret_file(std::string_view written, const std::filesystem::path& base) {
  std::filesystem::path file;
  const bool credential = written.starts_with(kCredential);
  if (credential) {
    const std::string_view name = written.substr(kCredential.size());
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos) {
      return fail(fmt::format("{} is not the name of a credential", in_quotes(name)));
    }
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    if (directory == nullptr || *directory == '\0') {
      return fail(
          fmt::format("credential {} is not there: CREDENTIALS_DIRECTORY is not set, so this "
                      "does not run under systemd with LoadCredential=",
                      in_quotes(name)));
    }
    file = std::filesystem::path(directory) / name;
  } else {
    file = base / written;  // an absolute `written` replaces the base
  }

  TextFile content = read_text_file(file, kMaxBytes);
  if (!content.fault.empty()) {
    return fail(fmt::format("secret file {} {}", in_quotes(written), content.fault));
  }
  std::string& value = content.text;
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  if (const std::string fault = secret_fault(value); !fault.empty()) {
    return fail(fmt::format("secret file {} {}", in_quotes(written), fault));
  }
  SecretFile result;
  result.value = std::move(value);
  // systemd keeps credentials in a directory of the service's own, whatever their modes.
  if (content.world_readable && !credential) {
    result.warning =
        fmt::format("secret file {} can be read by every user of this machine", in_quotes(written));
  }
  return result;
}

}  // namespace brandwacht::config
