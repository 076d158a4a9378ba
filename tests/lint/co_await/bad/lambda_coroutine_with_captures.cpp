#include "tests/lint/co_await/support.hpp"

void sample(boost::asio::io_context& context, std::string name) {
  boost::asio::co_spawn(
      context, [name]() -> awaitable<void> { (void)co_await fetch(name); },  // BAD: coroutine
      boost::asio::detached);
  boost::asio::co_spawn(
      context,
      [&]() -> awaitable<void> {  // BAD: coroutine
        co_return;
      },
      boost::asio::detached);
}
