#include "bench/loopback.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <optional>

#include "bench/figure.hpp"

namespace brandwacht::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto wrote = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

// The size of the first whole message (head and body) in `buffer`, and where its body begins.
std::optional<std::pair<std::size_t, std::size_t>> whole(std::string_view buffer) {
  const auto head = buffer.find("\r\n\r\n");
  if (head == std::string_view::npos) return std::nullopt;
  std::size_t length = 0;
  for (const std::string_view key : {"Content-Length: ", "content-length: "})
    if (const auto at = buffer.substr(0, head).find(key); at != std::string_view::npos)
      std::from_chars(buffer.data() + at + key.size(), buffer.data() + head, length);
  if (buffer.size() < head + 4 + length) return std::nullopt;
  return std::pair{head + 4 + length, head + 4};
}

bool receive(int fd, std::string& buffer) {
  std::array<char, 65536> part{};
  const auto got = ::recv(fd, part.data(), part.size(), 0);
  if (got <= 0) return false;
  buffer.append(part.data(), static_cast<std::size_t>(got));
  return true;
}

}  // namespace

LoopbackClient::LoopbackClient(std::uint16_t port) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd_);
    fd_ = -1;
    return;
  }
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

LoopbackClient::~LoopbackClient() {
  if (fd_ >= 0) ::close(fd_);
}

void LoopbackClient::write(std::string_view bytes) {
  write_all(fd_, bytes);
}

void LoopbackClient::post(std::string_view path, std::string_view body) {
  std::string request = fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
      "application/x-ndjson\r\nContent-Length: {}\r\n\r\n",
      path, body.size());
  request += body;
  write(request);
}

void LoopbackClient::get(std::string_view path) {
  write(fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path));
}

int LoopbackClient::answer() {
  for (;;) {
    if (const auto message = whole(buffer_)) {
      int status = 0;
      std::from_chars(buffer_.data() + 9, buffer_.data() + 12, status);
      buffer_.erase(0, message->first);
      return status;
    }
    if (!receive(fd_, buffer_)) return 0;
  }
}

LoopbackSink::LoopbackSink(Seen seen) : seen_(std::move(seen)) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  require(
      ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), size) == 0 && ::listen(fd_, 64) == 0,
      "the sink cannot listen");
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] {
    for (;;) {
      const int client = ::accept(fd_, nullptr, nullptr);
      if (client < 0) return;
      threads_.emplace_back([this, client] { serve(client); });
    }
  });
}

LoopbackSink::~LoopbackSink() {
  ::shutdown(fd_, SHUT_RDWR);
  acceptor_.join();
  ::close(fd_);
  for (auto& thread : threads_)
    thread.join();  // the daemon is gone, so its connections have ended
}

void LoopbackSink::serve(int fd) {
  std::string buffer;
  std::optional<Wall::time_point> first;
  for (;;) {
    if (const auto message = whole(buffer)) {
      seen_(*first,
            std::string_view(buffer).substr(message->second, message->first - message->second));
      write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      buffer.erase(0, message->first);
      first.reset();
      if (!buffer.empty()) first = Wall::now();
      continue;
    }
    if (!receive(fd, buffer)) break;
    if (!first) first = Wall::now();
  }
  ::close(fd);
}

}  // namespace brandwacht::bench
