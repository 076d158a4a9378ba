#include "monitor/replay/replay.hpp"

#include <algorithm>
#include <cstring>
#include <istream>
#include <numeric>

#include "monitor/line_splitter.hpp"

namespace brandwacht::replay {

std::uint64_t Stats::faulty() const {
  return std::accumulate(faults.begin(), faults.end(), std::uint64_t{0});
}

void Stats::count(Time at) {
  ++mentions;
  if (first == Time{}) first = at;
  last = std::max(last, at);
}

void VirtualTime::process(const MentionView& mention) {
  advance(mention.received_at);
  line_.process(mention, now_);
}

bool VirtualTime::replay(line::Judged& judged) {
  advance(judged.seen.received_at);
  return line_.replay(judged, now_);
}

void VirtualTime::advance(Time to) {
  if (to <= now_) return;
  if (now_ == Time{}) now_ = to;
  // Ticks stand on a grid, so that the result does not depend on how the way to `to` is cut.
  // Nothing open: no ticks, a quiet month costs nothing.
  while (line_.has_open()) {
    Time next = std::chrono::floor<Tick>(now_) + Tick{1};
    if (const Time due = line_.due(); due > next) next = std::chrono::ceil<Tick>(due);
    if (next > to) break;
    now_ = next;
    line_.tick(now_);
  }
  now_ = to;
}

namespace {

void feed(std::string_view text, MentionParser& parser, Stats& stats, const Range& range,
          const std::function<void(const MentionView&)>& each) {
  ++stats.lines;
  MentionView mention;
  auto fault = parser.parse(text, Time{}, mention);
  if (fault == LineFault::none && mention.received_at == Time{})
    mention.received_at = mention.created_at;
  if (fault == LineFault::none && mention.received_at == Time{}) fault = LineFault::missing_field;
  if (fault != LineFault::none) {
    ++stats.faults[static_cast<std::size_t>(fault)];
    return;
  }
  if (!range.holds(mention.received_at)) return;
  stats.count(mention.received_at);
  each(mention);
}

}  // namespace

void read(std::istream& in, Stats& stats, const std::function<void(const MentionView&)>& each,
          const std::function<void(std::uint64_t bytes)>& progress, const Range& range) {
  LineSplitter lines(kMaxLineBytes, 1 << 20);
  MentionParser parser;
  while (in) {
    const auto room = lines.writable();
    in.read(room.data(), static_cast<std::streamsize>(room.size()));
    const auto got = static_cast<std::size_t>(in.gcount());
    lines.commit(got);
    stats.bytes += got;
    while (const auto line = lines.next())
      feed(*line, parser, stats, range, each);
    if (progress) progress(stats.bytes);
  }
  if (const auto line = lines.finish()) feed(*line, parser, stats, range, each);
  stats.faults[static_cast<std::size_t>(LineFault::too_long)] += lines.too_long();
  stats.lines += lines.too_long();
}

void replay(std::istream& in, VirtualTime& time, Stats& stats,
            const std::function<void(std::uint64_t bytes)>& progress, const Range& range) {
  read(
      in, stats, [&](const MentionView& mention) { time.process(mention); }, progress, range);
}

std::vector<Mention> read_mentions(std::string_view ndjson) {
  LineSplitter lines(kMaxLineBytes, 64 << 10);
  MentionParser parser;
  std::vector<Mention> out;
  const auto take = [&](std::string_view text) {
    MentionView mention;
    if (parser.parse(text, Time{}, mention) != LineFault::none) return;
    if (mention.received_at == Time{}) mention.received_at = mention.created_at;
    out.emplace_back(mention);
  };
  while (!ndjson.empty()) {
    const auto room = lines.writable();
    const auto part = ndjson.substr(0, room.size());
    std::memcpy(room.data(), part.data(), part.size());
    lines.commit(part.size());
    ndjson.remove_prefix(part.size());
    while (const auto line = lines.next())
      take(*line);
  }
  if (const auto line = lines.finish()) take(*line);
  return out;
}

}  // namespace brandwacht::replay
