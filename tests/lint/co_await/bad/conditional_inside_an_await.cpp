#include "tests/lint/co_await/support.hpp"

awaitable<void> sample(bool secure) {
  auto page = co_await fetch(secure
                                 ? "https:"  // BAD: conditional
                                 : "http:");
  (void)page;
}
