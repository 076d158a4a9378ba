#include "tests/lint/co_await/support.hpp"

struct Visitor {
  std::vector<std::string> seen;
  awaitable<void> all(std::string prefix) {
    co_await each([&](const std::string& name) { seen.push_back(prefix + name); });
    co_await each([&prefix, this](const std::string& name) { seen.push_back(prefix + name); });
    co_await each([](const std::string&) -> bool { return true; });
  }
};
