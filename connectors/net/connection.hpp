// One TCP connection, with or without TLS, and its deadline. Used by one thread.
#pragma once
#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "connectors/net/tls.hpp"
#include "connectors/net/url.hpp"

namespace brandwacht::net {

using Steady = std::chrono::steady_clock::time_point;

// `span` from now, at most a day: a "never" such as Duration::max() would overflow the clock.
inline Steady after(Duration span) {
  return std::chrono::steady_clock::now() +
         std::clamp<Duration>(span, Duration::zero(), std::chrono::hours{24});
}

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Tcp = boost::asio::ip::tcp;
  using Tls = boost::asio::ssl::stream<Tcp::socket&>;

  explicit Connection(boost::asio::any_io_executor executor)
      : socket_(executor), timer_(executor) {}
  explicit Connection(Tcp::socket accepted)
      : socket_(std::move(accepted)), timer_(socket_.get_executor()) {}

  Tcp::socket& socket() { return socket_; }
  Tls* tls() { return tls_ ? &*tls_ : nullptr; }
  Tls& start_tls(std::shared_ptr<boost::asio::ssl::context> context);

  // At the deadline the socket is closed and expired() stays true; what was waiting fails. Moving
  // the deadline to a later time is cheap: the timer is armed again only when it fires.
  void expire_at(Steady at);
  void expire_never();
  bool expired() const { return expired_; }

  // Every transport read begins by moving the deadline to `span` from now: any byte received is a
  // sign of life. Zero: nobody reads now, so silence means nothing.
  void expire_when_idle(Duration span);

  void close() noexcept;
  // The peer has ended, or sent what nobody asked for. To be asked of a connection that nothing
  // waits on.
  bool stale() noexcept;

  void touch() {
    if (idle_ != Duration::zero()) expire_at(after(idle_));
  }

 private:
  void arm();

  Tcp::socket socket_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::optional<Tls> tls_;
  boost::asio::steady_timer timer_;
  Steady deadline_ = Steady::max();
  Steady armed_ = Steady::max();  // when the timer fires; max: it does not run
  Duration idle_{};
  bool expired_ = false;
};

// A Connection as Beast and Asio want to see a stream. One type for plain and TLS halves what they
// instantiate.
class ByteStream {
 public:
  using executor_type = boost::asio::any_io_executor;

  explicit ByteStream(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  executor_type get_executor() { return connection_->socket().get_executor(); }
  Connection& connection() { return *connection_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    connection_->touch();
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [c = connection_.get()](auto handler, const Buffers& into) {
          if (auto* tls = c->tls())
            tls->async_read_some(into, std::move(handler));
          else
            c->socket().async_read_some(into, std::move(handler));
        },
        token, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [c = connection_.get()](auto handler, const Buffers& from) {
          if (auto* tls = c->tls())
            tls->async_write_some(from, std::move(handler));
          else
            c->socket().async_write_some(from, std::move(handler));
        },
        token, buffers);
  }

  // How Beast ends a connection.
  friend void beast_close_socket(ByteStream& stream) { stream.connection_->close(); }

 private:
  std::shared_ptr<Connection> connection_;
};

struct DialLimits {
  Steady connect_by;                // resolve and connect
  Duration handshake_within{};      // TLS, from the moment of connecting
  Steady deadline = Steady::max();  // for all of it
};

// Resolves on the pool, connects to each address in turn, speaks TLS where the origin asks for it.
// The names and limits must outlive the call. Throws operation_aborted when cancelled; a name
// resolution under way is then abandoned, and its late result touches nothing of the caller.
boost::asio::awaitable<NetResult<std::shared_ptr<Connection>>> dial(boost::asio::thread_pool& pool,
                                                                    const Origin& origin,
                                                                    TlsTrust& trust,
                                                                    DialLimits limits);

// Throws operation_aborted if the calling coroutine was cancelled: an error that came of it is not
// the network's.
boost::asio::awaitable<void> stop_if_cancelled();

inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace brandwacht::net
