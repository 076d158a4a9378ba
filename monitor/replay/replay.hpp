// A recording through the line with virtual time: the same code as live, as fast as it goes, the
// same result each time.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string_view>

#include "monitor/line/line.hpp"
#include "monitor/mention_json.hpp"

namespace brandwacht::replay {

// By arrival: [from, to).
struct Range {
  Time from = Time::min(), to = Time::max();
  bool holds(Time at) const { return from <= at && at < to; }
};

struct Stats {
  std::uint64_t bytes = 0, lines = 0, mentions = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(LineFault::count_)> faults{};
  Time first{}, last{};  // virtual
  std::uint64_t faulty() const;
  void count(Time at);  // one more mention
};

// Drives a line by the times in the mentions. Time is when a mention arrived (received_at, else
// created_at) and never goes back; between two mentions the line is ticked as a live daemon would
// tick it.
class VirtualTime {
 public:
  using Tick = std::chrono::duration<std::int64_t, std::ratio<5>>;  // 5 s

  // Goes on where the line stands.
  explicit VirtualTime(line::Line& line) : line_(line), now_(line.now()) {}
  void process(const MentionView& mention);
  // The same for a mention that was judged before; false as Line::replay().
  bool replay(line::Judged& judged);
  void advance(Time to);
  Time now() const { return now_; }

 private:
  line::Line& line_;
  Time now_{};
};

// Reads NDJSON from `in` to its end and calls `each` for every mention; its strings live until the
// next one, and received_at is set. `progress` is called about every MiB with the bytes read so
// far; it may be empty.
void read(std::istream& in, Stats& stats, const std::function<void(const MentionView&)>& each,
          const std::function<void(std::uint64_t bytes)>& progress = {}, const Range& range = {});

// The same through a line.
void replay(std::istream& in, VirtualTime& time, Stats& stats,
            const std::function<void(std::uint64_t bytes)>& progress = {}, const Range& range = {});

// Reads all mentions of a text, in order, for those who pace them by themselves. Lines that are no
// mention are skipped.
std::vector<Mention> read_mentions(std::string_view ndjson);

}  // namespace brandwacht::replay
