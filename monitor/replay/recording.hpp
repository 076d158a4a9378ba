// The recording: what the line judged, in a directory of segments, for recovery, back-tests and
// audit. Blocking; used by one thread at a time.
//
//   append     one frame, on disk when it returns
//   open       a tail that a crash or a bad disk left torn is set aside as *.torn-<time>, and the
//              file ends with its last whole frame; a new segment is begun
//   erase      a delete or a vanished author is noted as a key in the file `erasures` with the
//              frame that it came in; maintain() takes the words, names, ids and urls of those
//              posts out of every segment within `erase_within`. Keys, scores and counts stay
//   retention  whole segments, by age and by bytes in all, the oldest first
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "monitor/replay/recorded.hpp"
#include "monitor/replay/segment.hpp"

namespace brandwacht::replay {

struct RecordingSettings {
  Duration keep = std::chrono::hours{90 * 24};  // older segments are removed
  std::uint64_t max_bytes = 20ULL << 30U;       // all segments; the oldest are removed beyond
  std::uint64_t segment_bytes = 64ULL << 20U;   // a new segment is begun beyond
  Duration segment_age = std::chrono::hours{24};
  Duration erase_within = std::chrono::hours{24};  // of a delete, until its text is off the disk
};

// What is to be erased and has not been yet.
struct Erasures {
  std::unordered_set<std::uint64_t> mentions, authors;
  Time oldest{};  // when the first was asked for
  bool contains(const thread::Observation& seen) const {
    return mentions.contains(seen.mention) || authors.contains(seen.author);
  }
  bool empty() const { return mentions.empty() && authors.empty(); }
  std::size_t size() const { return mentions.size() + authors.size(); }
};

class Recording {
 public:
  static constexpr std::size_t kMaxErasures = 1'000'000;  // then maintain() does not wait

  struct Repaired {
    std::uint64_t files = 0, bytes = 0;  // torn tails set aside
    std::uint64_t damages = 0;           // inside of a segment; stepped over by its readers
  };
  struct Maintained {
    std::uint64_t sealed = 0, erased = 0, removed = 0;  // segments, posts, segments
  };

  // Makes the directory if it is absent, repairs the segment that was written last and reads what
  // is still to be erased. Throws RecordingError or std::system_error.
  Recording(std::filesystem::path directory, RecordingSettings settings, Time now);

  // Throws std::system_error, and then nothing of the batch is kept.
  void append(std::span<const Kept> batch, std::uint32_t scorer, Time now);
  // Notes that all of a mention or an author is to be erased. On disk when it returns.
  void erase_later(std::span<const std::uint64_t> mentions, std::span<const std::uint64_t> authors,
                   Time now);
  // Seals segments that are complete, removes what is too old or too much, and erases when half of
  // erase_within is over or `erase_now`. Costs a pass over all segments when it erases.
  Maintained maintain(Time now, bool erase_now = false);

  // The number of the last line on disk; 0: none yet.
  std::uint64_t position() const { return seq_; }
  const Repaired& repaired() const { return repaired_; }
  std::size_t erasures_waiting() const { return erasures_.size(); }
  const std::filesystem::path& directory() const { return directory_; }

 private:
  void repair(const std::filesystem::path& file, Time now);
  void read_erasures();
  void rotate(Time now);
  std::uint64_t erase(Time now);
  std::uint64_t remove_old(Time now);
  bool is_current(const Segment& segment) const;

  std::filesystem::path directory_;
  RecordingSettings settings_;
  std::unique_ptr<SegmentWriter> current_;  // null: begun at the next append
  Time current_start_{}, last_start_{};
  std::unordered_set<std::string> sealed_;  // names known to be sealed or not to be touched
  std::uint64_t seq_ = 0;
  Erasures erasures_;
  FrameWriter frames_;
  std::string lines_, frame_;
  Repaired repaired_;
};

}  // namespace brandwacht::replay
