#include "tests/lint/co_await/support.hpp"

awaitable<std::string> sample(std::string host) {
  Request request{std::move(host), "/", 0};
  std::string answer = co_await send(std::move(request));
  co_return answer;
}
