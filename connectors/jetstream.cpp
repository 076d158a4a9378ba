#include "connectors/jetstream.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>
#include <random>

#include "monitor/task_group.hpp"

namespace brandwacht::connectors {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr int kEventsBetweenReady = 256;
constexpr int kEventsBetweenPositions = 1'000;
constexpr Duration kTimeBetweenPositions = 100ms;

}  // namespace

Jetstream::Jetstream(std::string name, JetstreamSettings settings, ConnectorContext context)
    : name_(std::move(name)), settings_(std::move(settings)), context_(std::move(context)) {
  if (!settings_.dictionary.empty()) frames_ = std::make_unique<ZstdFrames>(settings_.dictionary);
}

asio::awaitable<void> Jetstream::run(MentionSink& sink, std::string cursor) {
  JetstreamSession session(settings_, cursor, std::random_device{}());
  if (!cursor.empty() && session.cursor().empty())
    spdlog::warn("source {}: the stored cursor is not a time; starting from now", name_);
  if (session.behind(context_.clock.now()) > JetstreamSession::kLookback)
    spdlog::warn("source {}: the cursor is {} old, servers keep {}; what came between may be lost",
                 name_, format_span(session.behind(context_.clock.now())),
                 format_span(JetstreamSession::kLookback));

  TaskGroup tasks(context_.executor);
  tasks.spawn(name_, connect_forever(sink, session));
  tasks.spawn(name_ + " watch", watch_forever());
  std::exception_ptr end;
  try {
    co_await tasks.join();
  } catch (...) {
    end = std::current_exception();
  }
  // This task is cancelled, and so would the waiting for the others be.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  tasks.cancel();
  // A read of Beast's that is cancelled between two of its steps (it had just answered a ping) goes
  // on all the same. Closing ends it for certain.
  if (const auto socket = socket_) co_await socket->close();
  try {
    co_await tasks.join();
  } catch (...) {
    end = std::current_exception();
  }
  socket_.reset();
  stats_.connected = false;
  report_position(sink, session);
  std::rethrow_exception(end);
}

asio::awaitable<void> Jetstream::connect_forever(MentionSink& sink, JetstreamSession& session) {
  net::WebSocketSettings wire;
  wire.tls.ca_file = settings_.ca_file;
  wire.user_agent = context_.user_agent;
  wire.idle_timeout = settings_.idle_timeout;
  for (;;) {
    auto attempt = session.next();
    if (attempt.wait > Duration{}) co_await context_.clock.sleep_for(attempt.wait);
    auto connecting = net::WebSocket::connect(context_.executor, context_.pool, attempt.url, wire);
    auto connected = co_await std::move(connecting);
    if (connected.has_error()) {
      note_failure(session.failed(connected.error(), context_.clock.steady()));
      continue;
    }
    socket_ = std::move(connected).value();
    quiet_since_ = context_.clock.steady();
    stalled_ = false;
    ++stats_.connects;
    stats_.connected = true;
    session.opened(context_.clock.now(), context_.clock.steady());
    spdlog::info("source {}: connected to {}{}", name_, attempt.host,
                 attempt.compressed ? ", compressed" : "");

    NetError error = co_await converse(*socket_, sink, session);
    if (stalled_)
      error = {NetFault::timeout, fmt::format("{} sent no event for {}", attempt.host,
                                              format_span(settings_.stall_timeout))};
    stats_.connected = false;
    socket_.reset();
    report_position(sink, session);
    note_failure(session.failed(error, context_.clock.steady()));
  }
}

asio::awaitable<NetError> Jetstream::converse(net::WebSocket& socket, MentionSink& sink,
                                              JetstreamSession& session) {
  int since_ready = 0;
  for (;;) {
    auto message = co_await socket.read();
    if (message.has_error()) {
      NetError error = message.error();
      co_return error;
    }
    if (!take(message.value(), sink, session)) {
      NetError error{
          NetFault::protocol,
          "the configured dictionary does not fit the server's frames, going on uncompressed"};
      co_await socket.close();
      co_return error;
    }
    if (unreported_ >= kEventsBetweenPositions ||
        context_.clock.steady() - reported_at_ >= kTimeBetweenPositions)
      report_position(sink, session);
    if (++since_ready >= kEventsBetweenReady) {
      since_ready = 0;
      co_await sink.ready();
    }
  }
}

bool Jetstream::take(const net::WebSocketMessage& message, MentionSink& sink,
                     JetstreamSession& session) {
  stats_.bytes += message.data.size();
  std::string_view json = message.data;
  if (message.binary) {
    const auto content = frames_ ? frames_->decode(message.data) : std::nullopt;
    if (!content) {
      ++stats_.undecodable;
      return !session.undecodable();
    }
    session.decoded();
    json = *content;
  }
  handle(parser_.parse(json, context_.clock.now()), sink, session);
  return true;
}

void Jetstream::handle(const JetstreamEvent& event, MentionSink& sink, JetstreamSession& session) {
  const Time now = context_.clock.now();
  quiet_since_ = context_.clock.steady();
  if (event.kind == JetstreamEvent::Kind::fault) {
    sink.reject(name_, event.fault);
  } else {
    ++stats_.events;
    stats_.last_event = now;
    stats_.last_created = Time{Duration{event.time_us}};
    if (event.kind == JetstreamEvent::Kind::mention) sink.accept(event.mention);
  }
  // A faulty event moves the cursor too, or it would come again for ever.
  if (event.time_us == 0) return;
  session.processed(event.time_us, now);
  ++unreported_;
}

void Jetstream::report_position(MentionSink& sink, const JetstreamSession& session) {
  reported_at_ = context_.clock.steady();
  if (unreported_ == 0) return;
  unreported_ = 0;
  sink.position(name_, session.cursor());
}

asio::awaitable<void> Jetstream::watch_forever() {
  for (;;) {
    co_await context_.clock.sleep_for(settings_.ping_every);
    const auto socket = socket_;  // connect_forever() may let go of it meanwhile
    if (!socket) continue;
    if (settings_.dids.empty() &&
        context_.clock.steady() - quiet_since_ >= settings_.stall_timeout) {
      stalled_ = true;
      co_await socket->close();
      continue;
    }
    const auto sent = co_await socket->ping();
    (void)sent;  // read() tells what is wrong with the connection
  }
}

void Jetstream::note_failure(std::string sentence) {
  ++stats_.failures;
  spdlog::warn("source {}: {}", name_, sentence);
  stats_.last_failure = std::move(sentence);
}

}  // namespace brandwacht::connectors
