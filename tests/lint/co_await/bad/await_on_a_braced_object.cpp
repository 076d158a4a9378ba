#include "tests/lint/co_await/support.hpp"

awaitable<void> sample() { (void)co_await Request{"host", "/", 0}.go(); }  // BAD: braces
