// What the outside may reach: the page behind a signed link, and the hooks of vendors. Everything
// here is answered to strangers, so it tells nothing that the right token or signature does not
// open.
//
//   GET  /ack/TOKEN    a page with a button; never acts: mail scanners open every link
//   POST /ack/TOKEN    acts, once
//   POST /hooks/NAME   a vendor's webhook, see alerting/inbound.hpp
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "alerting/ack_link.hpp"
#include "alerting/ack_page.hpp"
#include "connectors/net/http_server.hpp"
#include "monitor/clock.hpp"
#include "monitor/daemon/inbound_settings.hpp"
#include "monitor/daemon/said_once.hpp"
#include "monitor/http.hpp"
#include "monitor/task_group.hpp"
#include "monitor/zone.hpp"

namespace brandwacht::daemon {

// What the face needs of the daemon; outlives it.
struct FaceContext {
  Clock& clock;
  HttpClient& http;
  boost::asio::thread_pool& pool;  // of one thread
  TaskGroup& tasks;                // owns what goes on after an answer
  std::function<boost::asio::awaitable<alerting::CommandResult>(alerting::Command)> command;
  // The open incident with this id.
  std::function<std::optional<Incident>(std::string_view id)> incident;
  // Who holds it.
  std::function<std::optional<alerting::Acknowledgement>(std::string_view id)> held;
  std::function<std::string(std::string_view phone, std::string_view code)> incident_of_code;
  std::string language = "en";
  Zone zone;
};

class PublicFace {
 public:
  // Makes the key in `data_dir` at the first start; throws std::runtime_error where it cannot.
  PublicFace(const std::filesystem::path& data_dir, InboundSettings settings, FaceContext context);

  static bool serves(std::string_view path) noexcept;  // /ack/... and /hooks/...
  boost::asio::awaitable<net::ServerResponse> serve(net::ServerRequest request);

  // Whole URLs for a page to `receiver`; empty without external_url.
  std::string link(std::string_view incident, std::string_view receiver) const;
  // For the buttons of chat programs, at most 64 bytes; empty when no hook would understand it.
  std::string button(std::string_view incident, alerting::Command::Kind kind) const;
  // Other hooks and links from now on, and the keys read again: throws as the constructor, and then
  // nothing has changed. Gives what makes the change, so that a caller can do everything at once.
  std::function<void()> prepare(InboundSettings settings);
  // Of link presses and hook calls, by what became of them: {"slack", "forged"} -> 3.
  const std::map<std::pair<std::string, std::string>, std::uint64_t>& counts() const {
    return counts_;
  }
  void prune() { once_.prune(); }

 private:
  static constexpr std::string_view kAck = "/ack/", kHooks = "/hooks/";
  struct Acted;
  boost::asio::awaitable<net::ServerResponse> ack(net::ServerRequest request);
  boost::asio::awaitable<alerting::AckPage> press(alerting::AckToken token, std::string name);
  boost::asio::awaitable<alerting::AckPage> press_alone(alerting::AckToken token, std::string name);
  boost::asio::awaitable<net::ServerResponse> hook(net::ServerRequest request);
  boost::asio::awaitable<net::ServerResponse> hear(const alerting::Hook& hook,
                                                   const alerting::InboundRequest& inbound);
  boost::asio::awaitable<void> act_within(std::shared_ptr<Acted> acted);
  boost::asio::awaitable<void> act(std::shared_ptr<Acted> acted);
  boost::asio::awaitable<void> follow_up(HttpRequest request, std::string name);
  void name_counts();
  void count(std::string_view what, std::string_view result);
  void complain(const std::string& hook, alerting::Proof proof);  // once a minute: anybody can call

  std::shared_ptr<const InboundSettings> settings_;  // whoever waits holds it
  FaceContext context_;
  std::filesystem::path key_file_;
  alerting::AckKeys keys_;
  SaidOnce once_;
  std::map<std::string, Clock::Steady> complained_;  // by hook
  std::set<std::string> pressing_;                   // nonces of which a press is under way
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts_;
};

}  // namespace brandwacht::daemon
