#include "tests/lint/co_await/support.hpp"

awaitable<void> sample() {
  const auto inner = []() -> awaitable<void> {
    (void)co_await send(Request{"a", "b"});  // BAD: braces
  };
  co_await inner();
}
