#include "tests/lint/co_await/support.hpp"

awaitable<void> sample(std::string name) {
  const auto same = [name](const std::string& other) { return other == name ? true : false; };
  co_await each(same);
}
