#include "tests/lint/co_await/support.hpp"

awaitable<void> sample() {
  if (auto n = co_await count({"a", "b"}); n > 1) {  // BAD: braces
    co_return;
  }
  while (co_await count(std::vector<std::string>{}) > 0) {  // BAD: braces
    co_return;
  }
}
