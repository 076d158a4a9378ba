#include "connectors/net/connection.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/this_coro.hpp>
#include <cerrno>
#include <vector>

#include "connectors/net/resolve.hpp"
#include "monitor/time.hpp"

namespace brandwacht::net {
namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

Connection::Tls& Connection::start_tls(std::shared_ptr<asio::ssl::context> context) {
  context_ = std::move(context);
  return tls_.emplace(socket_, *context_);
}

void Connection::expire_at(Steady at) {
  deadline_ = at;
  if (at < armed_) arm();
}

void Connection::expire_when_idle(Duration span) {
  idle_ = span;
  if (span == Duration::zero()) deadline_ = Steady::max();
  touch();
}

void Connection::expire_never() {
  deadline_ = armed_ = Steady::max();
  idle_ = Duration::zero();
  timer_.cancel();
}

void Connection::arm() {
  armed_ = deadline_;
  timer_.expires_at(deadline_);
  timer_.async_wait([weak = weak_from_this(), at = armed_](error_code cancelled) {
    const auto self = weak.lock();
    // A wait that was replaced may already be on its way with success: its time tells it apart.
    if (cancelled || !self || self->armed_ != at) return;
    self->armed_ = Steady::max();
    if (self->deadline_ == Steady::max()) return;
    if (self->deadline_ > steady_clock::now()) return self->arm();
    self->expired_ = true;
    self->close();
  });
}

void Connection::close() noexcept {
  error_code ignored;
  socket_.close(ignored);
}

bool Connection::stale() noexcept {
  if (!socket_.is_open() || expired_) return true;
  char byte;
  const auto got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

asio::awaitable<void> stop_if_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
}

namespace {

// The addresses share the time that is left, so that one that swallows packets leaves some to the
// next.
Steady share_of(Steady by, std::size_t addresses_left) {
  const auto now = steady_clock::now();
  if (by <= now) return now;
  return now + (by - now) / static_cast<int>(addresses_left);
}

asio::awaitable<NetResult<std::shared_ptr<Connection>>> connect_any(
    const Origin& origin, const std::vector<asio::ip::tcp::endpoint>& addresses, Steady by) {
  const auto executor = co_await asio::this_coro::executor;
  NetError last = make_fault(NetFault::connect, origin.name() + " has no address");
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    auto connection = std::make_shared<Connection>(executor);
    connection->expire_at(share_of(by, addresses.size() - i));
    auto [error] = co_await connection->socket().async_connect(addresses[i], as_result);
    co_await stop_if_cancelled();
    if (!error && !connection->expired()) {
      connection->expire_never();
      error_code ignored;
      connection->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
      co_return connection;
    }
    if (connection->expired())
      last =
          make_fault(NetFault::timeout, origin.name() + " did not accept the connection in time");
    else
      last = make_fault(NetFault::connect,
                        fmt::format("cannot connect to {}: {}", origin.name(), error.message()));
  }
  co_return last;
}

asio::awaitable<NetResult<std::shared_ptr<Connection>>> secure(
    std::shared_ptr<Connection> connection, const Origin& origin, TlsTrust& trust, Steady by) {
  auto context = trust.context();
  if (!context) co_return context.error();
  auto& tls = connection->start_tls(*context);
  expect_server(tls.native_handle(), origin);
  connection->expire_at(by);
  auto [error] = co_await tls.async_handshake(asio::ssl::stream_base::client, as_result);
  co_await stop_if_cancelled();
  if (connection->expired())
    co_return make_fault(NetFault::timeout,
                         origin.name() + " did not finish the TLS handshake in time");
  if (error) co_return explain_handshake(tls.native_handle(), origin, error);
  connection->expire_never();
  co_return connection;
}

}  // namespace

asio::awaitable<NetResult<std::shared_ptr<Connection>>> dial(asio::thread_pool& pool,
                                                             const Origin& origin, TlsTrust& trust,
                                                             DialLimits limits) {
  const Steady connect_by = std::min(limits.connect_by, limits.deadline);
  auto addresses = co_await resolve(pool, origin, connect_by);
  if (!addresses) co_return addresses.error();
  auto connection = co_await connect_any(origin, *addresses, connect_by);
  if (!connection || !origin.tls) co_return connection;
  const Steady by = std::min(after(limits.handshake_within), limits.deadline);
  co_return co_await secure(std::move(*connection), origin, trust, by);
}

}  // namespace brandwacht::net
