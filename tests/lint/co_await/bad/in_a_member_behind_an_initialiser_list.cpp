#include "tests/lint/co_await/support.hpp"

class Client {
 public:
  explicit Client(std::string host) : host_{std::move(host)}, names_{"a"} {}
  awaitable<std::string> get() const {
    if (names_.empty()) co_return std::string{};
    else co_return co_await send({host_, "/"});  // BAD: braces
  }

 private:
  std::string host_{"localhost"};
  std::vector<std::string> names_{};
};
