#include "monitor/daemon/inbound_settings.hpp"

#include <charconv>

#include "alerting/message.hpp"
#include "alerting/setting_checks.hpp"

namespace brandwacht::daemon {
using namespace std::chrono_literals;

bool split_listen(const std::string& text, std::string& address, std::uint16_t& port) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string::npos)
    return false;
  std::uint16_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + colon + 1, end, number);
  if (error != std::errc{} || at != end) return false;
  address = host;
  port = number;
  return true;
}

InboundSettings read_inbound(config::Section& root, const std::string& api_url) {
  InboundSettings out;
  out.external_url = api_url;
  if (auto section = root.section("inbound")) {
    std::string listen;
    section->read("listen", listen);
    if (!listen.empty() && !split_listen(listen, out.listen_address, out.listen_port))
      section->problem("listen", "expected an address and a port", "\"127.0.0.1:8429\"");
    section->read("external_url", out.external_url);
    alerting::check_url(*section, "external_url", out.external_url);
    section->read("link_expiry", out.link_expiry, 5min, 30 * 24h);
    section->close();
  }
  while (out.external_url.ends_with('/'))
    out.external_url.pop_back();
  out.hooks = alerting::read_hooks(root);
  if (!out.hooks.empty() && alerting::web_url(out.external_url).empty())
    root.warn("hook",
              "without 'external_url' in [inbound] nobody can be told where the hooks are, and "
              "Twilio's signatures cannot be checked");
  return out;
}

}  // namespace brandwacht::daemon
