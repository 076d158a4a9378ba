#include "tests/lint/co_await/support.hpp"

awaitable<void> sample(std::string name) {
  co_await each([name](const std::string& other) { return other == name; });  // BAD: capture
  co_await each([=](const std::string& other) { return other == name; });  // BAD: capture
}
