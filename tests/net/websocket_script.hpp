// The server's side of RFC 6455 for scripts, written from the RFC: every frame as the test wants
// it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/net/script_server.hpp"

namespace brandwacht::test {

enum Opcode : std::uint8_t {
  continued = 0,
  text = 1,
  binary = 2,
  closing = 8,
  pinging = 9,
  ponging = 10
};

// Reads the upgrade request and agrees to it. Returns the request; empty when there was none.
std::string accept_websocket(Peer& peer, std::string_view extra_headers = "");

std::string frame(std::uint8_t opcode, std::string_view payload, bool last = true,
                  bool compressed = false);
std::string close_frame(std::uint16_t code, std::string_view reason);

struct ClientFrame {
  int opcode = -1;  // -1: the connection ended
  bool masked = false;
  std::string payload;  // unmasked
};
ClientFrame read_frame(Peer& peer);

}  // namespace brandwacht::test
