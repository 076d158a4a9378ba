// Runs what blocks (SQLite commits, fsync) away from the line.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
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

// Runs `function()` on the pool and resumes the caller on its own executor with the result or the
// exception. The call is not interrupted by cancellation: what was begun is finished, and a
// cancelled caller still gets the result. `function` must own what it uses; its result must be void
// or default-constructible.
template <class Function>
boost::asio::awaitable<std::invoke_result_t<Function&>> on_pool(boost::asio::thread_pool& pool,
                                                                Function function) {
  auto task = detail::call(std::move(function));
  // With no slot: Asio would emit the caller's cancellation on a pool thread, while another one
  // runs the call.
  auto whole = boost::asio::bind_cancellation_slot(boost::asio::cancellation_slot(),
                                                   boost::asio::use_awaitable);
  co_return co_await boost::asio::co_spawn(pool, std::move(task), std::move(whole));
}

}  // namespace brandwacht
