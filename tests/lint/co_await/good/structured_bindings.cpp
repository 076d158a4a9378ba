#include "tests/lint/co_await/support.hpp"

awaitable<std::pair<int, int>> pair();

awaitable<int> sample() {
  const auto [a, b] = co_await pair();
  auto&& [c, d] = co_await pair();
  int values[] = {1, 2};
  values[0] = co_await count(std::vector<std::string>(), values[1]) + a + b + c + d;
  co_return values[a];
}
