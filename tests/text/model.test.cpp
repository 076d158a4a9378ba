#include "monitor/text/model.hpp"

#include <cstring>

#include "monitor/text/train/pipeline.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::text {
namespace {

train::ModelFile small_file() {
  train::PackReport report;
  train::Row row{};
  row[0] = 1;
  train::Row other{};
  other[0] = -0.5F;
  Model::Header header{};
  header.version = 7;
  return train::pack({{0x1234567890ABCDEF, FeatureKind::word, row, 9},
                      {0x0FEDCBA098765431, FeatureKind::pair, other, 9}},
                     {{0x1234567890ABCDEF, kTime}}, header, 64 * 1024, report);
}

std::string refusal(train::ModelFile& file) {
  auto opened = Model::open(file.bytes());
  REQUIRE(std::holds_alternative<std::string>(opened));
  return std::get<std::string>(opened);
}

}  // namespace

TEST_CASE("The model of the program is at most 4 MiB and knows common words") {
  const Model& model = Model::shipped();
  CHECK(sizeof(Model::Header) + model.header().lines * sizeof(Model::Line) <= train::kLargestModel);
  CHECK(model.header().rows > 50'000);
}

TEST_CASE("What was packed is found again, with its cues; what was not is all zero") {
  train::ModelFile file = small_file();
  const auto model = std::get<Model>(Model::open(file.bytes()));
  CHECK(model.header().version == 7);
  const Model::Found word = model.find(0x1234567890ABCDEF);
  REQUIRE(word.known);
  CHECK(word.row[0] == 127);
  CHECK(word.cues == kTime);
  const Model::Found pair = model.find(0x0FEDCBA098765431);
  REQUIRE(pair.known);
  CHECK(pair.row[0] < -60);
  const Model::Found none = model.find(0x1111111111111111);
  CHECK_FALSE(none.known);
  CHECK(none.cues == 0);
  for (std::size_t o = 0; o < kOutputs; ++o)
    CHECK(none.row[o] == 0);
}

TEST_CASE(
    "A file that is no model, of another format, cut off or changed is refused with the reason") {
  train::ModelFile file = small_file();
  SECTION("another file") {
    file.bytes()[0] = std::byte{'X'};
    CHECK(refusal(file) == "it is no text model");
  }
  SECTION("another format") {
    file.bytes()[8] = std::byte{9};
    CHECK(refusal(file) == "its format is 9, this program reads 2");
  }
  SECTION("a flipped bit") {
    file.bytes()[5000] ^= std::byte{1};
    CHECK(refusal(file) == "its checksum is wrong");
  }
  SECTION("cut off") {
    auto opened = Model::open(file.bytes().first(10'000));
    REQUIRE(std::holds_alternative<std::string>(opened));
    CHECK(std::get<std::string>(opened) == "it is cut off");
  }
  SECTION("empty") {
    auto opened = Model::open(file.bytes().first(3));
    REQUIRE(std::holds_alternative<std::string>(opened));
  }
}

}  // namespace brandwacht::text
