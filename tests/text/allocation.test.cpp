// Counts what the whole test program allocates, to hold score() to its promise.
#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include "monitor/text/scorer.hpp"
#include "tests/support/catch.hpp"

namespace {
std::atomic<std::size_t> allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
// Every form that ends in the delete below: a sanitizer looks whether they belong together.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size > 0 ? size : 1);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace brandwacht::text {

TEST_CASE("Scoring a post allocates nothing") {
  const std::string long_post(5000, 'x');
  const char* const posts[] = {"Derde storing deze maand 😡", "zooooo onbekendwoordjes straße",
                               "@x https://y.example :( ... 12:30", "", long_post.c_str()};
  float sum = 0;
  for (const char* post : posts)
    sum += score(post).negative;
  const std::size_t before = allocations;
  REQUIRE(before > 0);  // the counter counts
  for (int round = 0; round < 10; ++round)
    for (const char* post : posts)
      sum += score(post, "nl").negative;
  CHECK(allocations == before);
  CHECK(sum > 0);
}

}  // namespace brandwacht::text
