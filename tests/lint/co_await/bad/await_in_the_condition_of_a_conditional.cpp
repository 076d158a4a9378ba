#include "tests/lint/co_await/support.hpp"

awaitable<int> sample() {
  const int n = co_await ready() ? 1 : 2;  // BAD: conditional
  co_return n;
}
