#include "tests/lint/co_await/support.hpp"

awaitable<std::string> sample(
    Request request = {"host", "/"},
    std::vector<int> retries = {1, 2, 3}) {
  request.retries = retries.empty() ? 0 : retries.front();
  co_return co_await send(
      std::move(request));
}
