#include "bench/cascade/threads.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "bench/figure.hpp"
#include "bench/gzip_lines.hpp"
#include "monitor/hash.hpp"

namespace brandwacht::bench {
namespace {

struct Line {
  std::uint64_t thread, author;
  double ts;
};

Line parse(simdjson::ondemand::parser& parser, std::string_view text) {
  simdjson::ondemand::document document;
  std::string_view thread, author;
  double ts = 0;
  const bool read =
      !parser.iterate(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING)
           .get(document) &&
      !document["thread"].get_string().get(thread);
  require(read, "a line without a thread");
  const std::uint64_t key = hash_bytes(thread);
  require(!document["author"].get_string().get(author), "a line without an author");
  const std::uint64_t who = hash_bytes(author);
  require(!document["ts"].get_double().get(ts), "a line without a time");
  return {key, who, ts};
}

}  // namespace

int RealThread::joined(std::int64_t from, std::int64_t until) const {
  const auto above = [this](std::int64_t at) { return std::ranges::upper_bound(joins, at); };
  return static_cast<int>(above(until) - above(from));
}

std::vector<RealThread> read_threads(const std::filesystem::path& file) {
  std::vector<RealThread> out;
  std::unordered_map<std::uint64_t, std::size_t> index;
  simdjson::ondemand::parser parser;
  for_each_line(file, [&](std::string_view text) {
    const Line line = parse(parser, text);
    const Time at{Duration{static_cast<std::int64_t>(line.ts * 1e6)}};
    const auto [found, fresh] = index.try_emplace(line.thread, out.size());
    if (fresh) out.push_back({line.thread, line.author, at, {}, {}});
    RealThread& thread = out[found->second];
    const auto after = std::chrono::duration_cast<std::chrono::seconds>(at - thread.began).count();
    if (!fresh) thread.posts.push_back({static_cast<std::int32_t>(after), line.author});
  });
  for (RealThread& thread : out) {
    std::ranges::stable_sort(thread.posts, {}, &Post::after);
    std::unordered_set<std::uint64_t> seen{thread.author};
    for (const auto& [after, author] : thread.posts)
      if (seen.insert(author).second) thread.joins.push_back(after);
  }
  return out;
}

std::vector<Decided> decide_all(const std::vector<RealThread>& threads, const Question& question) {
  std::vector<Decided> out;
  const std::int64_t now = question.age * 60;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const RealThread& thread = threads[i];
    const int joiners = thread.joined(-1, now);
    if (joiners < kLeastJoiners) continue;
    Decided decided{i, joiners, {}, thread.joined(now, now + kAhead) >= question.further};
    std::size_t at = 0;
    for (const int minutes : {2, 10, 30, question.age})
      decided.counts[at++] =
          std::log1p(thread.joined(std::max<std::int64_t>(now - minutes * 60, -1), now));
    out.push_back(decided);
  }
  return out;
}

}  // namespace brandwacht::bench
