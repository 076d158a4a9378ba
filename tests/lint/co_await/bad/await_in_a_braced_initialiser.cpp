#include "tests/lint/co_await/support.hpp"

awaitable<void> sample() {
  Request request{co_await fetch("a"), "/", 0};  // BAD: braces
  (void)request;
}
