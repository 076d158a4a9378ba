// A server that does byte for byte what a test tells it, also what no decent server does. Blocking
// sockets on threads of its own: it shares no code with what it tests.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/net/certificates.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace brandwacht::test {

// One end of a connection. Reading waits at most five seconds; then, or at the end, it returns what
// it has.
class Peer {
 public:
  Peer(int socket, ssl_ctx_st* tls);  // the server's side
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  static std::unique_ptr<Peer> connect_to(std::uint16_t port);  // plain, to 127.0.0.1

  bool handshake();  // of TLS, where asked for
  std::string read(std::size_t size);
  std::string read_line();     // with its CRLF
  std::string read_message();  // an HTTP head and the body that its Content-Length announces
  std::string read_to_end();
  bool ends_within(int milliseconds);  // the other side closes or resets
  bool write(std::string_view bytes);
  bool write_one_by_one(std::string_view bytes);
  void finish_writing();
  void reset();  // TCP RST
  void close();
  void interrupt();  // from another thread: ends every wait

 private:
  long receive(char* into, std::size_t size);
  int socket_;
  ssl_st* tls_ = nullptr;
};

class ScriptServer {
 public:
  // Called on a thread of its own for each connection; `number` counts from 0. The connection ends
  // when it returns.
  using Script = std::function<void(Peer&, int number)>;

  explicit ScriptServer(Script script, const Identity* identity = nullptr);
  ~ScriptServer();

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }
  std::string url(std::string_view scheme, std::string_view target) const;
  // The same by name, so that it must be resolved.
  std::string named_url(std::string_view scheme, std::string_view target) const;

 private:
  void accept_all();

  Script script_;
  ssl_ctx_st* tls_ = nullptr;
  int listener_;
  std::uint16_t port_;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  bool stopping_ = false;
  std::list<Peer> peers_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// Waits until `condition` holds, at most five seconds.
bool eventually(const std::function<bool()>& condition);

}  // namespace brandwacht::test
