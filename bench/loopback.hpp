// Blocking sockets on 127.0.0.1 for benches: small on purpose, so that they measure the daemon and
// not a client library.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace brandwacht::bench {

using Wall = std::chrono::steady_clock;

// One kept HTTP connection.
class LoopbackClient {
 public:
  explicit LoopbackClient(std::uint16_t port);
  ~LoopbackClient();
  LoopbackClient(const LoopbackClient&) = delete;
  LoopbackClient& operator=(const LoopbackClient&) = delete;

  bool connected() const { return fd_ >= 0; }
  void post(std::string_view path, std::string_view body);  // does not wait for the answer
  void get(std::string_view path);
  int answer();  // reads one whole response; its status, 0: the connection ended

 private:
  void write(std::string_view bytes);
  int fd_ = -1;
  std::string buffer_;
};

// Accepts requests on a free port, answers 200 to each and tells when its first byte came, and its
// body.
class LoopbackSink {
 public:
  using Seen = std::function<void(Wall::time_point first_byte, std::string_view body)>;
  explicit LoopbackSink(Seen seen);
  ~LoopbackSink();

  std::uint16_t port() const { return port_; }

 private:
  void serve(int fd);

  Seen seen_;
  int fd_ = -1;
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace brandwacht::bench
