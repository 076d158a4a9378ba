// What may be said only once, as the face of the outside sees it: nothing here fails. While the
// disk refuses, memory alone remembers, which the log says.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "alerting/inbound_store.hpp"
#include "monitor/clock.hpp"

namespace brandwacht::daemon {

class SaidOnce {
 public:
  // Blocking, for the start. `pool` needs one thread and outlives this.
  SaidOnce(const std::filesystem::path& file, boost::asio::thread_pool& pool, Clock& clock);

  boost::asio::awaitable<std::optional<alerting::LinkUse>> used(std::string nonce);
  boost::asio::awaitable<void> use(std::string nonce, alerting::LinkUse use);
  // True the first time that this number is given.
  boost::asio::awaitable<bool> first_time(std::string number);
  void forget(const std::string& number);  // it was not acted on after all
  void prune();

 private:
  boost::asio::thread_pool& pool_;
  Clock& clock_;
  std::shared_ptr<alerting::InboundStore> store_;  // null: the disk refused it at the start
  std::map<std::string, alerting::LinkUse> uses_;  // by nonce, since the start; bounded
  std::set<std::string> numbers_;                  // likewise
};

}  // namespace brandwacht::daemon
