#include "tests/lint/co_await/support.hpp"

awaitable<int> sample() {
  co_return co_await count(
      std::vector<std::string>{  // BAD: braces
          "a",
          "b",
      },
      2);
}
