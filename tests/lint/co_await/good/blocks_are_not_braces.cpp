#include "tests/lint/co_await/support.hpp"

awaitable<int> sample(std::vector<std::string> names) {
  int total = 0;
  for (const std::string& name : names) {
    if (co_await ready()) {
      total += static_cast<int>((co_await fetch(name)).size());
    } else {
      do {
        ++total;
      } while (co_await ready());
    }
  }
  for (int i = co_await count(names); i < total; ++i) { --total; }
  switch (co_await count(names)) {
    case 1: {
      total = 1;
      break;
    }
    default:
      break;
  }
  try {
    total = co_await count(std::move(names));
  } catch (const std::exception&) {
    total = 0;
  }
  co_return total;
}
