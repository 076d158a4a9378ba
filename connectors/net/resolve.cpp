#include "connectors/net/resolve.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <mutex>

#include "connectors/net/connection.hpp"

namespace brandwacht::net {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t most_addresses = 8;

// Shared by the caller and the pool's thread. The caller takes `waiter` away when it leaves; from
// then on the thread knows of no executor that might be gone.
struct Lookup {
  std::mutex mutex;
  asio::steady_timer* waiter = nullptr;
  bool done = false;
  error_code error;
  std::vector<tcp::endpoint> found;
};

struct Leave {
  Lookup& lookup;
  ~Leave() {
    const std::lock_guard lock(lookup.mutex);
    lookup.waiter = nullptr;
  }
};

void wake(const std::shared_ptr<Lookup>& lookup) {
  const std::lock_guard lock(lookup->mutex);
  if (lookup->waiter) lookup->waiter->cancel();
}

void look_up(asio::thread_pool& pool, const std::shared_ptr<Lookup>& lookup,
             const std::string& host, std::uint16_t port) {
  tcp::resolver resolver(pool);
  error_code error;
  const auto results =
      resolver.resolve(host, std::to_string(port), tcp::resolver::numeric_service, error);
  const std::lock_guard lock(lookup->mutex);
  for (const auto& result : results)
    if (lookup->found.size() < most_addresses) lookup->found.push_back(result.endpoint());
  lookup->error = error;
  lookup->done = true;
  // While `waiter` is set, its coroutine and so its executor live. The timer itself belongs to the
  // line's thread.
  if (lookup->waiter) asio::post(lookup->waiter->get_executor(), [lookup] { wake(lookup); });
}

}  // namespace

asio::awaitable<NetResult<std::vector<tcp::endpoint>>> resolve(
    asio::thread_pool& pool, const Origin& origin, std::chrono::steady_clock::time_point by) {
  if (origin.address) {
    const auto address = asio::ip::make_address(origin.host);
    co_return std::vector<tcp::endpoint>(1, tcp::endpoint(address, origin.port));
  }
  asio::steady_timer waiter(co_await asio::this_coro::executor, by);
  const auto lookup = std::make_shared<Lookup>();
  lookup->waiter = &waiter;
  const Leave leave{*lookup};
  asio::post(pool, [&pool, lookup, host = origin.host, port = origin.port] {
    look_up(pool, lookup, host, port);
  });
  auto [ignored] = co_await waiter.async_wait(as_result);
  (void)ignored;
  co_await stop_if_cancelled();
  const std::lock_guard lock(lookup->mutex);
  if (!lookup->done)
    co_return make_fault(NetFault::timeout,
                         fmt::format("the name {} was not resolved in time", origin.host));
  if (lookup->error)
    co_return make_fault(NetFault::resolve, fmt::format("the name {} cannot be resolved: {}",
                                                        origin.host, lookup->error.message()));
  co_return std::move(lookup->found);
}

}  // namespace brandwacht::net
