#include "tests/lint/co_await/support.hpp"

awaitable<void> sample(std::string host) {
  co_await send(Request{host, "/", 0});  // BAD: braces
}
