// [inbound] and the [[hook]]s of the configuration: how answers to pages come back.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "alerting/inbound.hpp"
#include "config/reader.hpp"

namespace brandwacht::daemon {

struct InboundSettings {
  // Of the listener that serves /ack and /hooks and nothing else. Empty: the API's own serves them
  // too, and whatever stands in front of it must let only these two through.
  std::string listen_address;
  std::uint16_t listen_port = 0;
  std::string external_url;  // how phones and vendors reach it; empty: messages carry no links
  Duration link_expiry = std::chrono::hours{24};
  std::vector<alerting::Hook> hooks;

  bool own_listener() const noexcept { return !listen_address.empty(); }
};

// `api_url`: [daemon] external_url, which is taken where [inbound] has none.
InboundSettings read_inbound(config::Section& root, const std::string& api_url);

// "127.0.0.1:8428", "[::1]:8428". False: another form.
bool split_listen(const std::string& text, std::string& address, std::uint16_t& port);

}  // namespace brandwacht::daemon
