#include "tests/lint/co_await/support.hpp"

awaitable<Request> sample() {
  co_return Request{co_await fetch("a"),  // BAD: braces
                    "/", 3};
}
