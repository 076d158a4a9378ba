#include "connectors/zstd_frames.hpp"

#include "tests/connectors/zstd_fixture.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::connectors {
namespace {

TEST_CASE("frames made with the dictionary are read, one after the other") {
  const auto dictionary = train_dictionary("polder");
  CHECK(zstd_dictionary_id(dictionary) != 0);
  ZstdFrames frames(dictionary);
  for (const std::string text : {"{\"did\":\"did:plc:invented\"}", "", "x"}) {
    const auto content = frames.decode(compress(text, dictionary));
    REQUIRE(content);
    CHECK(*content == text);
  }
  const std::string large(3 << 20, 'a');
  const auto content = frames.decode(compress(large, dictionary));
  REQUIRE(content);
  CHECK(*content == large);
}

TEST_CASE("bad frames are refused and the next one is read") {
  const auto dictionary = train_dictionary("polder");
  ZstdFrames frames(dictionary, 1 << 20);
  const auto good = compress("{\"did\":\"did:plc:invented\"}", dictionary);
  auto damaged = good;
  damaged[damaged.size() - 3] = static_cast<char>(damaged[damaged.size() - 3] ^ 0x40);
  const std::vector<std::string> bad = {
      "",
      "no frame at all",
      good.substr(0, good.size() - 1),
      good.substr(0, 5),
      damaged,                                                       // the checksum finds it
      good + good,                                                   // two frames in one message
      compress("x", train_dictionary("another")),                    // another dictionary's id
      compress(std::string((1 << 20) + 1, 'a'), dictionary),         // over the cap, from 1 KB
      compress_without_size("{\"did\":\"invented\"}", dictionary)};  // does not say how large
  for (const auto& frame : bad) {
    INFO("frame " << (&frame - bad.data()));
    CHECK_FALSE(frames.decode(frame));
    CHECK(frames.decode(good));
  }
}

TEST_CASE("bytes that are no dictionary are not taken for one") {
  CHECK(zstd_dictionary_id("") == 0);
  CHECK(zstd_dictionary_id(std::string(1'000, 'x')) == 0);
  CHECK_THROWS_AS(ZstdFrames(std::string(1'000, 'x')), std::invalid_argument);
  const auto dictionary = train_dictionary("polder");
  CHECK_THROWS_AS(ZstdFrames(dictionary.substr(0, 40)), std::invalid_argument);
}

}  // namespace
}  // namespace brandwacht::connectors
