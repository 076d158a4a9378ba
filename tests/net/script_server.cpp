#include "tests/net/script_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <stdexcept>

namespace brandwacht::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int new_socket() {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

SSL_CTX* server_context(const Identity& identity) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  BIO* certificate = BIO_new_mem_buf(identity.certificate.data(), -1);
  BIO* key = BIO_new_mem_buf(identity.key.data(), -1);
  X509* x509 = PEM_read_bio_X509(certificate, nullptr, nullptr, nullptr);
  EVP_PKEY* pkey = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context, x509);
  SSL_CTX_use_PrivateKey(context, pkey);
  X509_free(x509);
  EVP_PKEY_free(pkey);
  BIO_free(certificate);
  BIO_free(key);
  return context;
}

std::size_t content_length(const std::string& head) {
  std::string lower = head;
  std::transform(lower.begin(), lower.end(), lower.begin(), ::tolower);
  const auto at = lower.find("\r\ncontent-length:");
  return at == std::string::npos ? 0 : std::stoul(lower.substr(at + 17));
}

}  // namespace

Peer::Peer(int socket, SSL_CTX* tls) : socket_(socket) {
  const timeval patience{5, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (!tls) return;
  tls_ = SSL_new(tls);
  SSL_set_fd(tls_, socket_);
}

Peer::~Peer() {
  SSL_free(tls_);
  ::close(socket_);
}

std::unique_ptr<Peer> Peer::connect_to(std::uint16_t port) {
  const int socket = new_socket();
  const auto address = loopback(port);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect to the server under test");
  return std::make_unique<Peer>(socket, nullptr);
}

bool Peer::handshake() {
  return !tls_ || SSL_accept(tls_) == 1;
}

long Peer::receive(char* into, std::size_t size) {
  if (tls_) return SSL_read(tls_, into, static_cast<int>(size));
  return ::recv(socket_, into, size, 0);
}

std::string Peer::read(std::size_t size) {
  std::string out(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const long got = receive(out.data() + have, size - have);
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  out.resize(have);
  return out;
}

std::string Peer::read_line() {
  std::string line;
  for (auto byte = read(1); !byte.empty(); byte = read(1)) {
    line += byte;
    if (line.ends_with("\r\n")) break;
  }
  return line;
}

std::string Peer::read_message() {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    const auto line = read_line();
    if (line.empty()) return {};
    head += line;
  }
  return head + read(content_length(head));
}

std::string Peer::read_to_end() {
  std::string all;
  for (auto more = read(1); !more.empty(); more = read(1))
    all += more;
  return all;
}

bool Peer::ends_within(int milliseconds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  while (std::chrono::steady_clock::now() < until) {
    pollfd one{socket_, POLLIN, 0};
    if (::poll(&one, 1, 20) <= 0) continue;
    char dropped[4096];
    if (::recv(socket_, dropped, sizeof dropped, 0) <= 0) return true;
  }
  return false;
}

bool Peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const long sent = tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Peer::write_one_by_one(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [&](const char& byte) { return write(std::string_view(&byte, 1)); });
}

void Peer::finish_writing() {
  ::shutdown(socket_, SHUT_WR);
}

void Peer::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  // Closing is what resets; the number stays ours, so that nobody else's socket gets it before the
  // destructor.
  const int spare = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup3(spare, socket_, O_CLOEXEC);
  ::close(spare);
}

void Peer::close() {
  ::shutdown(socket_, SHUT_RDWR);
}

void Peer::interrupt() {
  ::shutdown(socket_, SHUT_RDWR);
}

ScriptServer::ScriptServer(Script script, const Identity* identity)
    : script_(std::move(script)), listener_(new_socket()) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot listen on loopback");
  port_ = ntohs(address.sin_port);
  if (identity) tls_ = server_context(*identity);
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptServer::~ScriptServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& peer : peers_)
      peer.interrupt();
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (auto& thread : threads_)
    thread.join();
  peers_.clear();
  ::close(listener_);
  SSL_CTX_free(tls_);
}

void ScriptServer::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (socket >= 0 && stopping_) ::close(socket);
    if (socket < 0 || stopping_) return;
    auto& peer = peers_.emplace_back(socket, tls_);
    threads_.emplace_back([this, &peer, number = connections_++] {
      if (peer.handshake()) script_(peer, number);
      peer.close();
    });
  }
}

std::string ScriptServer::url(std::string_view scheme, std::string_view target) const {
  return fmt::format("{}://127.0.0.1:{}{}", scheme, port_, target);
}

std::string ScriptServer::named_url(std::string_view scheme, std::string_view target) const {
  return fmt::format("{}://localhost:{}{}", scheme, port_, target);
}

bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace brandwacht::test
