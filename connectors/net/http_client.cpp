#include "connectors/net/http_client.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include "connectors/net/connection.hpp"
#include "connectors/net/http_fault.hpp"

namespace brandwacht::net {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t header_limit = 16 << 10;
constexpr std::size_t body_kept = 64 << 10;
constexpr std::size_t body_read = 1 << 20;  // past it the connection is dropped instead
constexpr std::size_t most_idle = 32;       // over all hosts
constexpr int most_interim = 8;             // 1xx answers to one request

using Parser = http::response_parser<http::buffer_body>;
using Reply = NetResult<HttpResponse>;

// A request as it goes over the wire, and what is needed to speak of it.
struct Outgoing {
  Origin origin;
  std::string head;
  std::string body;
  bool head_only = false;
  Steady deadline;
};

struct Exchange {
  Reply reply;
  bool untouched = false;  // not one byte was written: safe to send again
  bool reusable = false;
};

// Headers that frame the message. From a caller's list they could smuggle a second request.
bool is_ours(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 9> ours = {
      "Host",    "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE",
      "Trailer", "Expect"};
  for (const auto one : ours)
    if (same_name(name, one)) return true;
  return false;
}

NetResult<Outgoing> compose(HttpRequest& request, const HttpClientSettings& settings) {
  auto url = parse_url(request.url, "http");
  if (!url) return url.error();
  if (!is_token(request.method) || request.method == "CONNECT")
    return make_fault(NetFault::protocol, "the request method is not valid");
  Outgoing out;
  out.head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, url->target,
                         url->origin.authority);
  bool has_agent = false;
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name) || is_ours(name))
      return make_fault(NetFault::protocol,
                        is_token(name) ? "the header " + name + " is set by the client itself"
                                       : "a header's name holds characters that are not allowed");
    if (!is_field_value(value))
      return make_fault(NetFault::protocol,
                        "the value of the header " + name + " holds control characters");
    has_agent = has_agent || same_name(name, "User-Agent");
    out.head += name + ": " + value + "\r\n";
  }
  if (!has_agent) out.head += "User-Agent: " + settings.user_agent + "\r\n";
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD"))
    out.head += fmt::format("Content-Length: {}\r\n", request.body.size());
  out.head += "\r\n";
  out.origin = std::move(url->origin);
  out.body = std::move(request.body);
  out.head_only = request.method == "HEAD";
  out.deadline = after(request.timeout);
  return out;
}

// Why no answer came although all of the request had gone out.
NetError no_answer(const Outgoing& out, const Connection& connection, const error_code& error) {
  const auto who = out.origin.name();
  if (connection.expired())
    return make_fault(NetFault::ambiguous, who + " got the request but did not answer in time");
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return make_fault(NetFault::too_large, who + " answered with more than 16 KiB of headers");
  if (!is_bad_syntax(error))
    return make_fault(NetFault::ambiguous,
                      who + " closed the connection before its answer was complete");
  return make_fault(NetFault::protocol, who + " did not answer in HTTP/1: " + error.message());
}

HttpResponse head_of(const Parser& parser) {
  HttpResponse response;
  response.status = parser.get().result_int();
  for (const auto& field : parser.get()) {
    const auto name = field.name_string();
    response.headers.emplace_back(std::string(name.data(), name.size()),
                                  std::string(field.value()));
  }
  return response;
}

// One answer being read: the head of the final one, then its body.
struct Incoming {
  boost::beast::flat_buffer buffer{body_kept};
  std::optional<Parser> parser;
  std::string chunk = std::string(16 << 10, '\0');
};

asio::awaitable<error_code> read_head(ByteStream& stream, Incoming& in, bool head_only) {
  for (int interim = 0; interim <= most_interim; ++interim) {
    in.parser.emplace();
    in.parser->header_limit(header_limit);
    in.parser->body_limit(boost::none);
    in.parser->skip(head_only);
    auto [error, size] = co_await http::async_read_header(stream, in.buffer, *in.parser, as_result);
    (void)size;
    if (error) co_return error;
    const auto status = in.parser->get().result_int();
    if (status == 101) break;  // nobody asked for another protocol
    if (status >= 200) co_return error_code();
  }
  co_return make_error_code(http::error::bad_status);
}

// Reads to the end of the body, but gives up once body_read is passed. Keeps the first body_kept
// bytes.
asio::awaitable<error_code> read_body(ByteStream& stream, Incoming& in, std::string& kept) {
  std::size_t seen = 0;
  while (!in.parser->is_done() && seen <= body_read) {
    auto& body = in.parser->get().body();
    body.data = in.chunk.data();
    body.size = in.chunk.size();
    auto [error, size] = co_await http::async_read(stream, in.buffer, *in.parser, as_result);
    (void)size;
    const std::size_t got = in.chunk.size() - body.size;
    kept.append(in.chunk, 0, std::min(got, body_kept - kept.size()));
    seen += got;
    // Many servers end a body without a length by dropping TCP under TLS; every other framing is
    // checked anyway.
    if (error == asio::ssl::error::stream_truncated && in.parser->need_eof())
      co_return error_code();
    if (error && error != http::error::need_buffer) co_return error;
  }
  co_return error_code();
}

asio::awaitable<void> read_reply(ByteStream& stream, const Outgoing& out, Exchange& exchange) {
  Incoming in;
  auto error = co_await read_head(stream, in, out.head_only);
  co_await stop_if_cancelled();
  if (error) {
    exchange.reply = no_answer(out, stream.connection(), error);
    co_return;
  }
  auto response = head_of(*in.parser);
  error = co_await read_body(stream, in, response.body);
  co_await stop_if_cancelled();
  // What the caller can see of the body is complete; how its drowned rest ended does not matter.
  if (error && response.body.size() < body_kept) {
    exchange.reply = no_answer(out, stream.connection(), error);
    co_return;
  }
  exchange.reusable = !error && in.parser->is_done() && in.parser->keep_alive() &&
                      in.buffer.size() == 0 && !stream.connection().expired();
  exchange.reply = std::move(response);
}

// The request could not be written to its end. A server that refuses early (413, 401) has answered
// already: that answer tells more than the broken pipe does.
asio::awaitable<void> read_refusal(ByteStream& stream, const Outgoing& out, Exchange& exchange) {
  stream.connection().expire_at(std::min(out.deadline, after(std::chrono::seconds{1})));
  Exchange early;
  early.reply = make_fault(NetFault::closed, "");
  co_await read_reply(stream, out, early);
  if (early.reply) exchange.reply = std::move(early.reply);
}

asio::awaitable<Exchange> exchange_on(std::shared_ptr<Connection> connection, const Outgoing& out) {
  Exchange exchange;
  ByteStream stream(connection);
  connection->expire_at(out.deadline);
  const std::array<asio::const_buffer, 2> bytes = {asio::buffer(out.head), asio::buffer(out.body)};
  auto [error, written] = co_await asio::async_write(stream, bytes, as_result);
  co_await stop_if_cancelled();
  if (!error) {
    co_await read_reply(stream, out, exchange);
  } else if (connection->expired()) {
    exchange.reply = make_fault(NetFault::timeout,
                                out.origin.name() + " did not take the whole request in time");
  } else {
    exchange.untouched = written == 0;
    exchange.reply = make_fault(NetFault::closed, out.origin.name() +
                                                      " closed the connection before it had the "
                                                      "whole request");
    if (written != 0) co_await read_refusal(stream, out, exchange);
  }
  connection->expire_never();
  co_return exchange;
}

class Client final : public HttpClient {
 public:
  Client(asio::thread_pool& pool, HttpClientSettings settings)
      : pool_(pool), settings_(std::move(settings)), trust_(settings_.tls) {}

  asio::awaitable<Reply> send(HttpRequest request) override {
    drop_old();
    auto out = compose(request, settings_);
    if (!out) co_return out.error();
    if (auto kept = take(out->origin)) {
      auto exchange = co_await exchange_on(kept, *out);
      if (!exchange.untouched) {
        keep(out->origin, kept, exchange);
        co_return after_reuse(std::move(exchange.reply));
      }
    }
    co_return co_await send_fresh(*out);
  }

 private:
  struct Idle {
    Origin origin;
    std::shared_ptr<Connection> connection;
    Steady since;
  };

  asio::awaitable<Reply> send_fresh(const Outgoing& out) {
    DialLimits limits;
    limits.connect_by = after(settings_.connect_within);
    limits.handshake_within = settings_.handshake_within;
    limits.deadline = out.deadline;
    auto connection = co_await dial(pool_, out.origin, trust_, limits);
    if (!connection) co_return connection.error();
    auto exchange = co_await exchange_on(*connection, out);
    keep(out.origin, *connection, exchange);
    co_return std::move(exchange.reply);
  }

  // On a kept connection a request that was cut short may have been seen by a peer that was closing
  // at that moment.
  static Reply after_reuse(Reply reply) {
    if (reply || reply.error().fault != NetFault::closed) return reply;
    return make_fault(NetFault::ambiguous, reply.error().detail);
  }

  void drop_old() {
    const auto oldest =
        steady_clock::now() - std::min<Duration>(settings_.idle_for, std::chrono::hours{24});
    std::erase_if(idle_, [&](const Idle& one) { return one.since < oldest; });
  }

  // The one used last is the least likely to have been closed by its peer.
  std::shared_ptr<Connection> take(const Origin& origin) {
    for (auto i = idle_.size(); i-- > 0;) {
      if (idle_[i].origin != origin) continue;
      auto connection = std::move(idle_[i].connection);
      idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
      if (!connection->stale()) return connection;
    }
    return nullptr;
  }

  void keep(const Origin& origin, std::shared_ptr<Connection> connection,
            const Exchange& exchange) {
    if (!exchange.reusable || settings_.idle_per_host == 0) return;
    const auto same = [&](const Idle& one) { return one.origin == origin; };
    if (std::count_if(idle_.begin(), idle_.end(), same) >=
        static_cast<std::ptrdiff_t>(settings_.idle_per_host))
      idle_.erase(std::find_if(idle_.begin(), idle_.end(), same));
    if (idle_.size() >= most_idle) idle_.erase(idle_.begin());
    idle_.push_back(Idle{origin, std::move(connection), steady_clock::now()});
  }

  asio::thread_pool& pool_;
  HttpClientSettings settings_;
  TlsTrust trust_;
  std::vector<Idle> idle_;  // oldest first
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(asio::any_io_executor, asio::thread_pool& pool,
                                             HttpClientSettings settings) {
  return std::make_unique<Client>(pool, std::move(settings));
}

}  // namespace brandwacht::net
