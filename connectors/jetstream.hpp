// Bluesky's whole network through Jetstream (version 1 wire): the best source there is, free,
// without login, with replay and deletes. jetstream_session decides, jetstream_event reads; this is
// the coroutine between them.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "connectors/connector.hpp"
#include "connectors/jetstream_event.hpp"
#include "connectors/jetstream_session.hpp"
#include "connectors/net/websocket.hpp"
#include "connectors/zstd_frames.hpp"

namespace brandwacht::connectors {

class Jetstream final : public Connector {
 public:
  Jetstream(std::string name, JetstreamSettings settings, ConnectorContext context);

  const std::string& name() const override { return name_; }
  const ConnectorStats& stats() const override { return stats_; }
  // The cursor is the time_us of the newest event handled, in decimal.
  boost::asio::awaitable<void> run(MentionSink& sink, std::string cursor) override;

 private:
  boost::asio::awaitable<void> connect_forever(MentionSink& sink, JetstreamSession& session);
  boost::asio::awaitable<NetError> converse(net::WebSocket& socket, MentionSink& sink,
                                            JetstreamSession& session);
  // Sends our pings, and leaves a server that answers them but has stopped to send events.
  boost::asio::awaitable<void> watch_forever();
  // False: give this connection up.
  bool take(const net::WebSocketMessage& message, MentionSink& sink, JetstreamSession& session);
  void handle(const JetstreamEvent& event, MentionSink& sink, JetstreamSession& session);
  void report_position(MentionSink& sink, const JetstreamSession& session);
  void note_failure(std::string sentence);

  std::string name_;
  JetstreamSettings settings_;
  ConnectorContext context_;
  ConnectorStats stats_;
  JetstreamParser parser_;
  std::unique_ptr<ZstdFrames> frames_;      // with a dictionary only
  std::shared_ptr<net::WebSocket> socket_;  // the open one; shared with watch_forever()
  Clock::Steady quiet_since_{};             // the last event, or the opening
  bool stalled_ = false;                    // watch_forever() closed it
  int unreported_ = 0;                      // events since the last position
  Clock::Steady reported_at_{};
};

// The row of the table. Reads and checks everything but `type` and `name`.
std::function<std::unique_ptr<Connector>(ConnectorContext)> read_jetstream(config::Section& section,
                                                                           std::string name);

}  // namespace brandwacht::connectors
