#include "connectors/net/websocket.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstring>

#include "connectors/net/connection.hpp"
#include "connectors/net/http_fault.hpp"
#include "connectors/net/redact.hpp"
#include "monitor/event.hpp"

namespace brandwacht::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ws = boost::beast::websocket;
using boost::system::error_code;

// Beast ends a WebSocket's transport through these two. There is nothing to wait for: the close
// frames have been exchanged or nobody listens any more, and a peer that does not answer a TLS
// shutdown must not hold us up.
void teardown(beast::role_type, ByteStream& stream, error_code& error) {
  error = error_code();
  stream.connection().close();
}

template <class Handler>
void async_teardown(beast::role_type, ByteStream& stream, Handler&& handler) {
  stream.connection().close();
  asio::post(stream.get_executor(),
             beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
}

namespace {

constexpr std::size_t spare_bytes = 64;  // simdjson reads past the end
constexpr std::size_t refusal_bytes = 200;
constexpr auto close_within = std::chrono::seconds{1};

using Stream = ws::stream<ByteStream, true>;

// Owned by the facade and by every operation under way, so that a connection destroyed early ends
// its operations with an error instead of under their feet.
struct State {
  State(std::shared_ptr<Connection> connection, Origin to, const WebSocketSettings& settings)
      : origin(std::move(to)),
        idle_timeout(settings.idle_timeout),
        stream(std::move(connection)),
        buffer(settings.max_message + spare_bytes),
        free_to_write(stream.get_executor()) {
    stream.read_message_max(settings.max_message);
    stream.auto_fragment(false);
  }

  Connection& connection() { return stream.next_layer().connection(); }

  Origin origin;
  Duration idle_timeout;
  Stream stream;
  beast::flat_buffer buffer;
  Event free_to_write;  // Beast allows one write and one ping at a time
  bool writing = false;
  bool ended = false;
};

struct Writing {
  State& state;
  explicit Writing(State& one) : state(one) { state.writing = true; }
  ~Writing() {
    state.writing = false;
    state.free_to_write.notify_one();
  }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
};

NetError explain(State& state, const error_code& error) {
  const auto who = state.origin.name();
  if (state.connection().expired())
    return make_fault(NetFault::timeout, who + " sent nothing within the time allowed");
  if (error == ws::error::closed) {
    const auto& reason = state.stream.reason();
    const auto text = printable({reason.reason.data(), reason.reason.size()}, refusal_bytes);
    return make_fault(NetFault::closed, text.empty() ? who + " closed the stream" : text,
                      reason.code);
  }
  if (error == ws::error::message_too_big || error == ws::error::buffer_overflow)
    return make_fault(NetFault::too_large, who + " sent a message over the limit");
  if (error.category() == make_error_code(ws::error::closed).category())
    return make_fault(NetFault::protocol,
                      who + " broke the WebSocket protocol: " + error.message());
  return make_fault(NetFault::closed, who + " dropped the connection: " + error.message());
}

class Client final : public WebSocket {
 public:
  explicit Client(std::shared_ptr<State> state) : state_(std::move(state)) {}
  ~Client() override { state_->connection().close(); }

  asio::awaitable<NetResult<WebSocketMessage>> read() override {
    const auto state = state_;
    state->buffer.consume(state->buffer.size());
    if (state->ended) co_return gone(*state);
    state->connection().expire_when_idle(state->idle_timeout);
    auto [error, size] = co_await state->stream.async_read(state->buffer, as_result);
    (void)size;
    // A close() that began meanwhile owns the deadline now.
    if (!state->ended) state->connection().expire_when_idle(Duration::zero());
    if (error) {
      if (!std::exchange(state->ended, true)) state->connection().expire_never();
      co_await stop_if_cancelled();
      co_return explain(*state, error);
    }
    WebSocketMessage message;
    message.binary = state->stream.got_binary();
    // The spare room is part of max_size(), so this can reallocate but not throw; therefore before
    // data().
    const auto spare = state->buffer.prepare(spare_bytes);
    std::memset(spare.data(), 0, spare_bytes);
    const auto data = state->buffer.cdata();
    message.data = std::string_view(static_cast<const char*>(data.data()), data.size());
    co_return message;
  }

  asio::awaitable<NetResult<std::size_t>> send_text(std::string text) override {
    const auto state = state_;
    while (state->writing)
      co_await state->free_to_write.wait();
    if (state->ended) co_return gone(*state);
    const Writing writing(*state);
    state->stream.text(true);
    auto [error, size] = co_await state->stream.async_write(asio::buffer(text), as_result);
    co_await stop_if_cancelled();
    if (error) co_return explain(*state, error);
    co_return size;
  }

  asio::awaitable<NetResult<std::size_t>> ping() override {
    const auto state = state_;
    while (state->writing)
      co_await state->free_to_write.wait();
    if (state->ended) co_return gone(*state);
    const Writing writing(*state);
    const ws::ping_data nothing;
    auto [error] = co_await state->stream.async_ping(nothing, as_result);
    co_await stop_if_cancelled();
    if (error) co_return explain(*state, error);
    co_return std::size_t(0);
  }

  asio::awaitable<void> close() override {
    const auto state = state_;
    if (std::exchange(state->ended, true)) co_return;
    // From here on only the second counts, whatever still arrives.
    state->connection().expire_when_idle(Duration::zero());
    state->connection().expire_at(after(close_within));
    const ws::close_reason normal(ws::close_code::normal);
    auto [ignored] = co_await state->stream.async_close(normal, as_result);
    (void)ignored;
    state->connection().expire_never();
    state->connection().close();
  }

 private:
  static NetError gone(const State& state) {
    return make_fault(NetFault::closed, "the stream from " + state.origin.name() + " has ended");
  }

  std::shared_ptr<State> state_;
};

bool is_ours(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 8> ours = {"Host",
                                                           "Upgrade",
                                                           "Connection",
                                                           "Content-Length",
                                                           "Transfer-Encoding",
                                                           "Sec-WebSocket-Key",
                                                           "Sec-WebSocket-Version",
                                                           "Sec-WebSocket-Extensions"};
  for (const auto one : ours)
    if (same_name(name, one)) return true;
  return false;
}

NetResult<Url> check(const std::string& url, const WebSocketSettings& settings) {
  for (const auto& [name, value] : settings.headers) {
    if (!is_token(name))
      return make_fault(NetFault::protocol,
                        "a header's name holds characters that are not allowed");
    if (is_ours(name))
      return make_fault(NetFault::protocol, "the header " + name + " is set by the client itself");
    if (!is_field_value(value))
      return make_fault(NetFault::protocol,
                        "the value of the header " + name + " holds control characters");
  }
  return parse_url(url, "ws");
}

void prepare(State& state, const WebSocketSettings& settings) {
  ws::permessage_deflate deflate;
  deflate.client_enable = settings.offer_deflate;
  state.stream.set_option(deflate);
  state.stream.set_option(ws::stream_base::decorator(
      [agent = settings.user_agent, headers = settings.headers](ws::request_type& request) {
        request.set("User-Agent", agent);
        for (const auto& [name, value] : headers)
          request.set(name, value);
      }));
}

// A server may quote the request back at us, tokens and all.
NetError explain_refusal(State& state, const Url& url, const WebSocketSettings& settings,
                         const error_code& error, const ws::response_type& response) {
  const auto who = url.origin.name();
  if (state.connection().expired())
    return make_fault(NetFault::timeout, who + " did not finish the WebSocket upgrade in time");
  if (error == ws::error::upgrade_declined) {
    const auto body =
        printable(redact(response.body(), url.target, settings.headers), refusal_bytes);
    const int status = static_cast<int>(response.result_int());
    return make_fault(NetFault::protocol,
                      fmt::format("{} refused the WebSocket with status {}{}{}", who, status,
                                  body.empty() ? "" : ": ", body),
                      status);
  }
  if (is_bad_syntax(error))
    return make_fault(NetFault::protocol, who + " did not answer in HTTP/1: " + error.message());
  auto why = explain(state, error);
  if (why.fault == NetFault::closed)
    why.detail = who + " closed the connection during the WebSocket upgrade";
  return why;
}

}  // namespace

asio::awaitable<NetResult<std::unique_ptr<WebSocket>>> WebSocket::connect(
    asio::any_io_executor, asio::thread_pool& pool, std::string url, WebSocketSettings settings) {
  const auto target = check(url, settings);
  if (!target) co_return target.error();
  TlsTrust trust(settings.tls);
  DialLimits limits;
  limits.deadline = limits.connect_by = after(settings.connect_within);
  limits.handshake_within = settings.connect_within;
  auto connection = co_await dial(pool, target->origin, trust, limits);
  if (!connection) co_return connection.error();
  // A peer that vanishes without a word is found by the idle timeout; this finds it also while
  // nobody reads.
  error_code ignored;
  (*connection)->socket().set_option(asio::socket_base::keep_alive(true), ignored);
  const auto state = std::make_shared<State>(*connection, target->origin, settings);
  prepare(*state, settings);
  state->connection().expire_at(limits.deadline);
  ws::response_type response;
  auto [error] = co_await state->stream.async_handshake(response, target->origin.authority,
                                                        target->target, as_result);
  co_await stop_if_cancelled();
  if (error) co_return explain_refusal(*state, *target, settings, error, response);
  state->connection().expire_never();
  co_return std::unique_ptr<WebSocket>(std::make_unique<Client>(state));
}

}  // namespace brandwacht::net
