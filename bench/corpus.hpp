// Mentions for the speed benches: the invented texts of the demo, with seeded authors, threads and
// times.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "monitor/line/line.hpp"

namespace brandwacht::bench {

struct CorpusSettings {
  std::size_t mentions = 100'000;
  double matching = 1.0;  // share of mentions that are about a brand
  std::uint64_t seed = 1;
};

struct Corpus {
  std::string ndjson;     // with spare bytes behind the last line for simdjson
  std::size_t bytes = 0;  // of ndjson without the spare
  std::size_t mentions = 0;
  std::size_t matching = 0;  // by construction
};

// Each mention of a brand names it, so that matching does not depend on threads; about a third are
// replies, in threads with heavy tails.
Corpus make_corpus(const CorpusSettings& settings);
line::Settings bench_settings();

}  // namespace brandwacht::bench
