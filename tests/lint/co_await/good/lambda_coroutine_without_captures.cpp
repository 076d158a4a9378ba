#include "tests/lint/co_await/support.hpp"

void sample(boost::asio::io_context& context) {
  boost::asio::co_spawn(
      context, []() -> awaitable<void> { (void)co_await fetch("a"); }, boost::asio::detached);
  boost::asio::co_spawn(
      context,
      [](std::string name) -> awaitable<void> {
        const std::vector<std::string> names{name};
        (void)co_await count(names);
      }("b"),
      boost::asio::detached);
}
