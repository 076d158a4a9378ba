#include "tests/lint/co_await/support.hpp"

awaitable<std::string> sample(std::string host) {
  auto answer = co_await send({.host = host, .target = "/"});  // BAD: braces
  co_return answer;
}
