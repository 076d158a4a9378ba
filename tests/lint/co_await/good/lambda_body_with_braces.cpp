#include "tests/lint/co_await/support.hpp"

awaitable<void> sample(std::map<std::string, Request>& requests) {
  // What stands in the body belongs to the lambda, not to the statement around it.
  co_await each([&](const std::string& name) {
    requests[name] = Request{name, name.empty() ? "/" : "/x", 0};
    const auto copy = [name] { return name; };
    return copy();
  });
}
