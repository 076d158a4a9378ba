#include "monitor/replay/playback.hpp"

namespace brandwacht::replay {
namespace {

// As if it had just come from a connector.
MentionView as_mention(const line::Judged& judged) {
  MentionView out;
  out.platform = judged.platform;
  out.id = judged.id;
  out.kind = judged.kind;
  out.thread = judged.thread;
  out.parent = judged.parent;
  out.quoted = judged.quoted;
  out.author = judged.author;
  out.author_name = judged.author_name;
  out.created_at = judged.seen.created_at;
  out.received_at = judged.seen.received_at;
  if (!judged.lang.empty()) out.langs.push_back(judged.lang);
  out.text = judged.text;
  out.url = judged.url;
  out.official = judged.seen.official;
  return out;
}

class Feed {
 public:
  Feed(VirtualTime& time, const PlaybackSettings& settings, PlaybackStats& stats)
      : time_(time), settings_(settings), stats_(stats), version_(text::scorer_version()) {}

  void take(RecordedLine& line, LineFault fault) {
    ++stats_.read.lines;
    if (fault != LineFault::none) {
      ++stats_.read.faults[static_cast<std::size_t>(fault)];
      return;
    }
    line::Judged& judged = line.judged;
    if (!settings_.range.holds(judged.seen.received_at)) return;
    stats_.read.count(judged.seen.received_at);
    if (judged.kind == MentionKind::create || judged.kind == MentionKind::edit) score(line);
    if (time_.replay(judged)) return;
    ++stats_.without_brand;
    if (!judged.erased) time_.process(as_mention(judged));
  }

 private:
  void score(RecordedLine& line) {
    const bool other = line.scorer != version_;
    if (other && line.scorer != last_other_) stats_.other_scorers.insert(line.scorer);
    if (other) last_other_ = line.scorer;
    if (line.judged.erased) {
      ++stats_.erased;
    } else if (other || settings_.rescore) {
      score_again(line.judged, settings_.negative_at);
      ++stats_.scored_again;
    } else {
      ++stats_.stored_scores;
    }
  }

  VirtualTime& time_;
  const PlaybackSettings& settings_;
  PlaybackStats& stats_;
  const std::uint32_t version_;
  std::uint32_t last_other_ = 0;
};

}  // namespace

bool is_recording(const std::filesystem::path& path) {
  return std::filesystem::is_directory(path) || segment_start(path.filename().string()).has_value();
}

std::vector<Segment> recording_files(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return segments(path);
  const auto start = segment_start(path.filename().string()).value_or(Time{});
  return {{path, start, std::filesystem::file_size(path)}};
}

void play(std::span<const Segment> files, VirtualTime& time, const PlaybackSettings& settings,
          PlaybackStats& stats, const std::function<void(std::uint64_t bytes)>& progress) {
  Feed feed(time, settings, stats);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    // It ends where the next one begins.
    const bool passed = i + 1 < files.size() && files[i + 1].start <= settings.range.from;
    if (!passed && files[i].start < settings.range.to) {
      LineReader lines(files[i].file);
      while (RecordedLine* const line = lines.next()) {
        feed.take(*line, lines.fault());
        if (progress && lines.at_frame_end()) progress(before + lines.offset());
      }
      stats.damages += lines.damages();
    }
    before += files[i].bytes;
  }
  stats.read.bytes += before;
}

}  // namespace brandwacht::replay
