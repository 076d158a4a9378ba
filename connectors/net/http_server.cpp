#include "connectors/net/http_server.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <list>

#include "connectors/net/connection.hpp"
#include "connectors/net/http_answer.hpp"
#include "connectors/net/http_fault.hpp"
#include "monitor/clock.hpp"
#include "monitor/task_group.hpp"

namespace brandwacht::net {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t read_ahead = 64 << 10;   // bytes of later, pipelined requests that may wait
constexpr std::size_t most_refused = 64;       // connections over the cap that are told so
constexpr std::size_t linger_bytes = 1 << 20;  // read and dropped behind a refusal
constexpr auto linger_for = std::chrono::seconds{1};
constexpr auto finish_within = std::chrono::seconds{1};
constexpr auto accept_pause = std::chrono::milliseconds{100};

using Parser = http::request_parser<http::string_body>;

// what() is the sentence alone: std::system_error would append the errno text and say it twice.
class ListenError final : public std::system_error {
 public:
  ListenError(error_code code, std::string sentence)
      : std::system_error(code), sentence_(std::move(sentence)) {}
  const char* what() const noexcept override { return sentence_.c_str(); }

 private:
  std::string sentence_;
};

std::string why_not(const error_code& error) {
  if (error == asio::error::address_in_use) return "another program uses this port";
  if (error == asio::error::access_denied) return "ports below 1024 need a privilege";
  if (error.value() == EADDRNOTAVAIL) return "this machine does not have that address";
  return error.message();
}

tcp::acceptor listen(const asio::any_io_executor& executor, const HttpServerSettings& settings) {
  error_code error;
  const bool local = settings.address == "localhost";
  const auto address = asio::ip::make_address(local ? "127.0.0.1" : settings.address, error);
  if (error)
    throw ListenError(error, fmt::format("cannot listen on {}:{}: \"{}\" is not an IP address",
                                         settings.address, settings.port, settings.address));
  const tcp::endpoint endpoint(address, settings.port);
  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return acceptor;
  const auto shown = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  throw ListenError(
      error, fmt::format("cannot listen on {}:{}: {}", shown, settings.port, why_not(error)));
}

// What of a request that could not be read is worth an answer; nothing for a peer that is gone.
std::optional<ServerResponse> refusal_for(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return plain_answer(431, "the request's headers are too large");
  if (error == http::error::body_limit) return plain_answer(413, "the request's body is too large");
  if (!is_bad_syntax(error)) return std::nullopt;
  return plain_answer(400, "this is not a valid HTTP/1 request: " + error.message());
}

// What is wrong with a well-formed head.
std::optional<ServerResponse> refusal_for(const Parser& parser) {
  const auto& head = parser.get();
  if (head.version() >= 11 && head.count(http::field::host) != 1)
    return plain_answer(400, "an HTTP/1.1 request needs exactly one Host header");
  // Its length would be a guess, and what follows it could pass for a second request.
  if (head.count(http::field::transfer_encoding) != 0 && !parser.chunked())
    return plain_answer(501, "this transfer encoding is not supported");
  const auto expect = head[http::field::expect];
  if (!expect.empty() && !same_name({expect.data(), expect.size()}, "100-continue"))
    return plain_answer(417, "the only expectation known is 100-continue");
  return std::nullopt;
}

ServerRequest request_of(Parser& parser, Connection& connection) {
  auto& message = parser.get();
  ServerRequest request;
  request.method = std::string(message.method_string());
  if (request.method == "HEAD") request.method = "GET";
  request.target = std::string(message.target());
  for (const auto& field : message) {
    const auto name = field.name_string();
    request.headers.emplace_back(std::string(name.data(), name.size()), std::string(field.value()));
  }
  request.body = std::move(message.body());
  error_code gone;
  const auto peer = connection.socket().remote_endpoint(gone);
  if (!gone) request.peer = peer.address().to_string();
  return request;
}

}  // namespace

struct HttpServer::Impl {
  // A connection in service. Busy from the end of a request's head to the end of its answer.
  struct Session {
    std::shared_ptr<Connection> connection;
    boost::beast::flat_buffer buffer;
    bool busy = false;
  };

  Impl(asio::any_io_executor on, HttpServerSettings wanted, HttpHandler answers)
      : executor(on),
        settings(std::move(wanted)),
        handler(std::move(answers)),
        acceptor(listen(executor, settings)),
        port(acceptor.local_endpoint().port()) {}

  asio::any_io_executor executor;
  HttpServerSettings settings;
  HttpHandler handler;
  tcp::acceptor acceptor;
  std::uint16_t port;
  bool stopping = false;
  std::list<Session> sessions;
};

namespace {
using Impl = HttpServer::Impl;

// Tells the peer all is said, then reads what it still sends: closing at once would reset the
// connection, and the reset could overtake the answer.
asio::awaitable<void> linger(ByteStream& stream) {
  auto& connection = stream.connection();
  error_code ignored;
  connection.socket().shutdown(tcp::socket::shutdown_send, ignored);
  connection.expire_at(after(linger_for));
  std::array<char, 4096> dropped;
  const auto into = asio::buffer(dropped);
  for (std::size_t seen = 0; seen < linger_bytes;) {
    auto [error, size] = co_await stream.async_read_some(into, as_result);
    if (error) break;
    seen += size;
  }
  connection.close();
}

asio::awaitable<error_code> write_answer(ByteStream& stream, const ServerResponse& response,
                                         AnswerForm form, Duration within) {
  const std::string head = answer_head(response, form);
  const bool bodiless = form.head_only || !may_have_body(response.status);
  const std::string_view body = bodiless ? std::string_view() : std::string_view(response.body);
  const std::array<asio::const_buffer, 2> bytes = {asio::buffer(head), asio::buffer(body)};
  stream.connection().expire_at(after(within));
  auto [error, size] = co_await asio::async_write(stream, bytes, as_result);
  (void)size;
  co_await stop_if_cancelled();
  co_return error;
}

asio::awaitable<void> refuse(ByteStream& stream, const ServerResponse& response, Duration within) {
  AnswerForm form;
  form.keep_alive = false;
  const auto error = co_await write_answer(stream, response, form, within);
  if (!error) co_await linger(stream);
}

asio::awaitable<void> refuse_over_cap(std::shared_ptr<Impl> impl, tcp::socket socket) {
  ByteStream stream(std::make_shared<Connection>(std::move(socket)));
  const auto response = plain_answer(503, "too many connections");
  co_await refuse(stream, response, impl->settings.body_within);
}

// Calls the handler. What it throws is the caller's bug, not the peer's business.
asio::awaitable<ServerResponse> answer(Impl& impl, ServerRequest request) {
  const std::string method = request.method;
  const std::string place = first_segment(request.target);
  std::string failure;
  try {
    auto task = impl.handler(std::move(request));
    auto response = co_await std::move(task);
    if (is_sendable(response)) co_return response;
    failure = "its answer has an invalid status or header";
  } catch (const std::exception& e) {
    failure = e.what();
  } catch (...) {
    failure = "unknown exception";
  }
  co_await stop_if_cancelled();
  // Not the whole target: links that acknowledge a page carry their key in it.
  spdlog::error("http: the handler of {} {} failed: {}", method, place, failure);
  co_return plain_answer(500, "internal error");
}

// Reads the body that the head announced. Sends the interim answer that some clients wait for
// first.
asio::awaitable<error_code> read_body(Impl& impl, ByteStream& stream, Impl::Session& session,
                                      Parser& parser) {
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  stream.connection().expire_at(after(impl.settings.body_within));
  const bool asked = parser.get().count(http::field::expect) != 0 && parser.get().version() >= 11;
  if (asked && !parser.is_done() && session.buffer.size() == 0) {
    auto [error, size] = co_await asio::async_write(stream, asio::buffer(go_on), as_result);
    (void)size;
    if (error) co_return error;
  }
  auto [error, size] = co_await http::async_read(stream, session.buffer, parser, as_result);
  (void)size;
  co_return error;
}

// One request and its answer. False: the connection is to end.
asio::awaitable<bool> serve_one(Impl& impl, ByteStream& stream, Impl::Session& session) {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(impl.settings.max_header));
  parser.body_limit(impl.settings.max_body);
  stream.connection().expire_at(after(impl.settings.header_within));
  auto [error, size] = co_await http::async_read_header(stream, session.buffer, parser, as_result);
  (void)size;
  co_await stop_if_cancelled();
  session.busy = true;
  std::optional<ServerResponse> refusal;
  if (error) {
    refusal = refusal_for(error);
    if (!refusal) co_return false;
  } else {
    refusal = refusal_for(parser);
  }
  if (!refusal) {
    const auto broken = co_await read_body(impl, stream, session, parser);
    co_await stop_if_cancelled();
    if (broken) {
      refusal = refusal_for(broken);
      if (!refusal) co_return false;
    }
  }
  if (refusal) {
    co_await refuse(stream, *refusal, impl.settings.body_within);
    co_return false;
  }
  stream.connection().expire_never();
  AnswerForm form;
  form.head_only = parser.get().method() == http::verb::head;
  form.http_1_0 = parser.get().version() < 11;
  const bool wants_more = parser.keep_alive();
  auto request = request_of(parser, stream.connection());
  const auto response = co_await answer(impl, std::move(request));
  form.keep_alive = wants_more && !impl.stopping;
  const auto unsent = co_await write_answer(stream, response, form, impl.settings.body_within);
  session.busy = false;
  co_return !unsent && form.keep_alive;
}

struct Leave {
  Impl& impl;
  std::list<Impl::Session>::iterator session;
  ~Leave() { impl.sessions.erase(session); }
};

asio::awaitable<void> serve(std::shared_ptr<Impl> impl, tcp::socket socket) {
  const auto session = impl->sessions.emplace(impl->sessions.end());
  const Leave leave{*impl, session};
  session->buffer.max_size(impl->settings.max_header + read_ahead);
  session->connection = std::make_shared<Connection>(std::move(socket));
  error_code ignored;
  session->connection->socket().set_option(tcp::no_delay(true), ignored);
  ByteStream stream(session->connection);
  bool more = true;
  while (more && !impl->stopping)
    more = co_await serve_one(*impl, stream, *session);
}

// No connection may take the others with it, which an exception that reaches the group would do.
asio::awaitable<void> serve_safely(std::shared_ptr<Impl> impl, tcp::socket socket) {
  std::string failure;
  try {
    auto task = serve(impl, std::move(socket));
    co_await std::move(task);
  } catch (const boost::system::system_error& e) {
    if (e.code() == asio::error::operation_aborted) throw;
    failure = e.what();
  } catch (const std::exception& e) {
    failure = e.what();
  }
  if (!failure.empty()) spdlog::error("http: a connection failed: {}", failure);
}

asio::awaitable<bool> is_stopped() {
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

asio::awaitable<void> finish(std::shared_ptr<Impl> impl, TaskGroup& connections) {
  // Whoever stops the server has cancelled us once already; a second time must not leave tasks
  // behind.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  impl->stopping = true;
  error_code ignored;
  impl->acceptor.close(ignored);
  for (auto& session : impl->sessions)
    if (!session.busy) session.connection->close();
  SystemClock clock;
  const auto late = co_await connections.join_within(clock, finish_within);
  if (!late.empty()) spdlog::warn("http: {} requests cut short by the stop", late.size());
  connections.cancel();
  co_await connections.join();
}

// Ends when the calling coroutine is cancelled.
asio::awaitable<void> accept_all(std::shared_ptr<Impl> impl, TaskGroup& connections) {
  asio::steady_timer pause(impl->executor);
  bool failing = false;
  for (;;) {
    auto [error, socket] = co_await impl->acceptor.async_accept(as_result);
    if (co_await is_stopped()) co_return;
    if (error) {
      // Out of file descriptors, or a peer that left again. The next try may fare better, but not
      // at once.
      if (!std::exchange(failing, true))
        spdlog::warn("http: cannot accept connections: {}", error.message());
      pause.expires_after(accept_pause);
      co_await pause.async_wait(as_result);
      if (co_await is_stopped()) co_return;
      continue;
    }
    failing = false;
    if (impl->sessions.size() < impl->settings.max_connections)
      connections.spawn("http connection", serve_safely(impl, std::move(socket)));
    else if (connections.size() < impl->settings.max_connections + most_refused)
      connections.spawn("http refusal", refuse_over_cap(impl, std::move(socket)));
  }
}

}  // namespace

std::string_view ServerRequest::path() const noexcept {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view ServerRequest::header(std::string_view name) const noexcept {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

HttpServer::HttpServer(asio::any_io_executor executor, HttpServerSettings settings,
                       HttpHandler handler)
    : impl_(std::make_shared<Impl>(executor, std::move(settings), std::move(handler))) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return impl_->port;
}

asio::awaitable<void> HttpServer::run() {
  const auto impl = impl_;
  // A cancelled run has work left: it must be able to wait for its connections.
  co_await asio::this_coro::throw_if_cancelled(false);
  TaskGroup connections(impl->executor);
  co_await accept_all(impl, connections);
  auto rest = finish(impl, connections);
  co_await asio::co_spawn(impl->executor, std::move(rest), asio::use_awaitable);
  co_await asio::this_coro::throw_if_cancelled(true);
}

}  // namespace brandwacht::net
