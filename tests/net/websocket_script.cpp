#include "tests/net/websocket_script.hpp"

#include <openssl/evp.h>

namespace brandwacht::test {
namespace {

std::string accept_key(std::string key) {
  key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(key.data(), key.size(), digest, &size, EVP_sha1(), nullptr);
  unsigned char base64[64];
  const int length = EVP_EncodeBlock(base64, digest, static_cast<int>(size));
  return std::string(reinterpret_cast<const char*>(base64), static_cast<std::size_t>(length));
}

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift);
  return out;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes)
    value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

std::string accept_websocket(Peer& peer, std::string_view extra_headers) {
  const auto request = peer.read_message();
  constexpr std::string_view name = "Sec-WebSocket-Key: ";
  const auto at = request.find(name);
  if (at == std::string::npos) return request;
  const auto from = at + name.size();
  const auto key = request.substr(from, request.find("\r\n", from) - from);
  peer.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
             std::string(extra_headers) + "Sec-WebSocket-Accept: " + accept_key(key) + "\r\n\r\n");
  return request;
}

std::string frame(std::uint8_t opcode, std::string_view payload, bool last, bool compressed) {
  std::string out;
  out += static_cast<char>((last ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode);
  if (payload.size() < 126)
    out += static_cast<char>(payload.size());
  else if (payload.size() < 65536)
    out += '\x7e' + big_endian(payload.size(), 2);
  else
    out += '\x7f' + big_endian(payload.size(), 8);
  return out.append(payload);
}

std::string close_frame(std::uint16_t code, std::string_view reason) {
  return frame(closing, big_endian(code, 2).append(reason));
}

ClientFrame read_frame(Peer& peer) {
  ClientFrame out;
  const auto head = peer.read(2);
  if (head.size() < 2) return out;
  out.opcode = head[0] & 0x0f;
  out.masked = (head[1] & 0x80) != 0;
  std::uint64_t size = head[1] & 0x7f;
  if (size == 126) size = from_big_endian(peer.read(2));
  if (size == 127) size = from_big_endian(peer.read(8));
  const auto mask = out.masked ? peer.read(4) : std::string(4, '\0');
  out.payload = peer.read(size);
  for (std::size_t i = 0; i < out.payload.size(); ++i)
    out.payload[i] = static_cast<char>(out.payload[i] ^ mask[i % 4]);
  return out;
}

}  // namespace brandwacht::test
