// Runs coroutines of a test to their end, or fails after ten seconds.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>

#include "connectors/net/http_client.hpp"

namespace brandwacht::test {

template <class T>
T run(boost::asio::io_context& io, boost::asio::awaitable<T> task) {
  std::optional<T> result;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T value) {
    failure = error;
    result.emplace(std::move(value));
    io.stop();
  });
  io.restart();
  io.run_for(std::chrono::seconds(10));
  if (failure) std::rethrow_exception(failure);
  if (!result) throw std::runtime_error("the coroutine did not end within ten seconds");
  return std::move(*result);
}

// The loop and the pool of a test. A name resolution needs the pool.
struct Loop {
  boost::asio::io_context io;
  boost::asio::thread_pool pool{1};

  ~Loop() { pool.join(); }
};

}  // namespace brandwacht::test
