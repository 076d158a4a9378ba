#include "monitor/daemon/intake.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace brandwacht::daemon {
namespace {
constexpr Duration kFullWait = std::chrono::milliseconds{20};
}  // namespace

void Intake::reject(std::string_view source, LineFault fault) {
  auto found = faults_.find(source);
  if (found == faults_.end()) found = faults_.emplace(std::string(source), Faults{}).first;
  ++found->second[static_cast<std::size_t>(fault)];
}

boost::asio::awaitable<void> Intake::ready() {
  // A source with endless input must let the others, the timers and the pager run.
  co_await boost::asio::post(executor_, boost::asio::use_awaitable);
  co_await events_.room();
  while (journal_.full())
    co_await clock_.sleep_for(kFullWait);
}

}  // namespace brandwacht::daemon
