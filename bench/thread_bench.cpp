// Memory of a live thread: a million of them, as a stream makes them (many small, few large).
#include <sys/resource.h>

#include <fstream>
#include <random>
#include <string>

#include "bench/corpus.hpp"
#include "bench/figure.hpp"
#include "monitor/line/line.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::bench;

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * 4096;
}

}  // namespace

int main() {
  constexpr std::size_t kThreads = 1'000'000;
  auto settings = bench_settings();
  settings.threads.max_threads = 2 * kThreads;
  settings.threads.max_seen = 8 * kThreads;
  line::Line line(settings, {});
  const double before = resident_bytes();
  std::mt19937_64 random(11);
  Time now = *parse_rfc3339("2026-03-10T08:00:00Z");
  std::uint64_t posts = 0;
  const auto say = [&](std::size_t thread, bool root) {
    now += std::chrono::microseconds{200};
    const std::string id = "post-" + std::to_string(posts++),
                      root_id = "root-" + std::to_string(thread);
    const std::string author = "author-" + std::to_string(random() % 5'000'000);
    MentionView mention;
    mention.platform = "bluesky";
    mention.id = root ? std::string_view(root_id) : std::string_view(id);
    mention.thread = root_id;
    mention.author = author;
    mention.text =
        root ? "Polderbank, de app werkt weer niet. Schandalig" : "Hier ook, belachelijk";
    mention.created_at = mention.received_at = now;
    line.process(mention, now);
  };
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    say(thread, true);
    // Geometric: half of the threads stay alone, one in 32 has five replies or more.
    while (random() % 2 == 0)
      say(thread, false);
  }
  require(line.threads() == kThreads, "threads were lost");
  const double heap = static_cast<double>(line.bytes()) / kThreads;
  const double resident = (resident_bytes() - before) / kThreads;
  fmt::print(
      "{} live threads, {} posts: {:.0f} bytes a thread by our count, {:.0f} resident, {:.0f} MiB "
      "in all\n",
      kThreads, posts, heap, resident, (resident_bytes() - before) / (1 << 20));
  require(resident < 2.5 * heap + 200, "the table's own count is far from what the process holds");
  figure("bytes_per_thread", resident, "bytes");
}
