#include "alerting/wait.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace brandwacht::alerting {
namespace asio = boost::asio;

asio::awaitable<void> Changes::past(std::uint64_t seen) {
  while (version_ == seen)
    co_await event_.wait();
}

asio::awaitable<void> wait_for_either(Clock& clock, Clock::Steady until, Changes& changes,
                                      std::uint64_t seen) {
  using namespace asio::experimental::awaitable_operators;
  if (until == Clock::Steady::max()) {
    co_await changes.past(seen);
    co_return;
  }
  try {
    auto either = clock.sleep_until(until) || changes.past(seen);
    co_await std::move(either);
  } catch (const asio::multiple_exceptions&) {
    // Both end without success only when both were cancelled.
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

}  // namespace brandwacht::alerting
