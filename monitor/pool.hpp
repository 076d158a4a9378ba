// Runs what blocks (SQLite commits, fsync) away from the line.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <type_traits>
#include <utility>

namespace brandwacht {
namespace detail {
template <class Function>
boost::asio::awaitable<std::invoke_result_t<Function&>> call(Function function) {
  co_return function();
}
}  // namespace detail

// Runs `function()` on the pool and resumes the caller on its own executor with the result or the exception. The call is
// not interrupted by cancellation: what was begun is finished. `function` must own what it uses.
template <class Function>
boost::asio::awaitable<std::invoke_result_t<Function&>> on_pool(boost::asio::thread_pool& pool,
                                                                Function function) {
  auto task = detail::call(std::move(function));
  co_return co_await boost::asio::co_spawn(pool, std::move(task), boost::asio::use_awaitable);
}

}  // namespace brandwacht
