#include "tests/lint/co_await/support.hpp"

awaitable<std::string> sample(bool cached) {
  co_return cached ? std::string() : co_await fetch("a");  // BAD: conditional
}
