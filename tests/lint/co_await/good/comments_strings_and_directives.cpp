#include "tests/lint/co_await/support.hpp"

#if 1 /* co_ */
#endif

awaitable<void> sample() {
  (void)co_await fetch("{not a brace} ? 1 : 2 [=]");  // co_await send(Request{"a", "b"});
  (void)co_await fetch(R"json({"a": "?"})json");
  (void)co_await fetch(/* {} */ std::string(1, '{'));
  /* co_await send({"a", "b"}); */
  int n = 1'000'000;
  (void)co_await fetch(std::to_string(n));
}
