#include "alerting/setting_checks.hpp"

#include <fmt/format.h>

#include "alerting/message.hpp"

namespace brandwacht::alerting {
namespace {

bool stays_here(std::string_view url) {
  url.remove_prefix(std::string_view("http://").size());
  const auto host = url.substr(0, url.find_first_of(":/?"));
  return host == "localhost" || host.starts_with("127.") || url.starts_with("[::1]");
}

}  // namespace

void check_url(config::Section& section, std::string_view key, std::string_view url) {
  if (url.empty()) return;  // its absence is another problem
  if (web_url(url).empty()) {
    section.problem(key, "this is no http or https URL", "write https://host/path");
  } else if (url.starts_with("http://") && !stays_here(url)) {
    section.warn(key, "pages would cross the network unencrypted", "use https");
  }
}

void require_secret(config::Section& section, std::string_view key) {
  const std::string file = fmt::format("{}_file", key);
  if (!section.has(key) && !section.has(file))
    section.problem("", fmt::format("'{}' is missing", file));
}

void read_timeout(config::Section& section, Duration& timeout) {
  section.read("timeout", timeout, std::chrono::seconds{1}, std::chrono::seconds{60});
}

}  // namespace brandwacht::alerting
