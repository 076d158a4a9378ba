#include "monitor/archive.hpp"

#include <array>

#include "tests/support/catch.hpp"

namespace brandwacht {
namespace {

struct Gap {
  std::uint8_t kind;
  std::uint64_t key;  // seven bytes further on
  float worst;
};

TEST_CASE("what lay in memory between the members of a struct does not get into a state") {
  alignas(Gap) std::array<unsigned char, sizeof(Gap)> memory;
  memory.fill(0xAB);
  Gap& value = *reinterpret_cast<Gap*>(memory.data());
  value.kind = 7;
  value.key = 0x0102030405060708;
  value.worst = 0.5F;
  ArchiveWriter out;
  out.put(value);
  const std::string bytes = out.take();
  CHECK(bytes.find('\xAB') == std::string::npos);
  const Gap back = ArchiveReader(bytes).get<Gap>();
  CHECK(back.kind == 7);
  CHECK(back.key == 0x0102030405060708);
  CHECK(back.worst == 0.5F);
}

TEST_CASE("a length that is more than what is left is refused before anything is allocated") {
  ArchiveWriter out;
  out.put(std::uint64_t{1} << 60);
  const std::string bytes = out.take();
  CHECK_THROWS_AS(ArchiveReader(bytes).get_text(), ArchiveError);
  CHECK_THROWS_AS(ArchiveReader(bytes).count(8), ArchiveError);
}

}  // namespace
}  // namespace brandwacht
