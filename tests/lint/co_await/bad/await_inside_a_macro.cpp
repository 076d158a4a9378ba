#include "tests/lint/co_await/support.hpp"

#define GET(url) /* BAD: macro */ \
  (co_await fetch(std::string{url}))

awaitable<void> sample() { (void)GET("a"); }
