#include "tests/lint/co_await/support.hpp"

awaitable<int> sample(bool many) {
  const std::vector<std::string> names{"a", "b"};
  const int limit = many ? 10 : 1;
  if (limit > 5) co_return int{7};
  int found = co_await count(names, limit);
  co_return found > 0 ? found : -1;
}
