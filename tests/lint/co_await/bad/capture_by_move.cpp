#include "tests/lint/co_await/support.hpp"

awaitable<void> sample(std::unique_ptr<Request> request) {
  co_await each([&, kept = std::move(request)]() mutable noexcept -> bool {  // BAD: capture
    return kept->retries++ > 0;
  });
}
