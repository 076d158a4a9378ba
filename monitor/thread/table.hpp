// All live threads: who joined each one, and what to believe of it. In numbers only; no text lives
// here.
//
// A mention counts in the thread of its root. A root that quotes a tracked mention (or names no
// thread but answers one) counts in that one's thread, and so does everything below it, over any
// number of quotes; what came before the root or before the quoted mention is folded into that
// thread when it arrives. A reply that itself quotes counts where the quoted mention does, if that
// is tracked when the reply arrives, else with its root.
//
// The table is a join of facts, each author's earliest negative second above all. Any order of the
// same observations gives the same counts, and a repetition changes nothing, as long as no limit is
// reached and with three exceptions: a reply that quotes what was not seen yet (above), a quote's
// thread that already has an open decision (it keeps its name, since an incident carries it), and a
// delete that comes before its create (which then is not counted).
//
// Owned and used by one line; not thread-safe. Costs per mention do not grow with the size of a
// thread or their number, apart from the tables' doubling (16 ms, once each at 430,000 and 860,000
// threads).
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "monitor/archive.hpp"
#include "monitor/thread/decision.hpp"
#include "monitor/thread/model.hpp"
#include "monitor/time.hpp"

namespace brandwacht::thread {

struct Settings {
  double negative_at = 0.5;  // s*: an author with P(negative) of at least this is a critic
  // Of the scorer, for the correction of the negative share; their sum must be over 1.
  double sensitivity = 0.8;
  double specificity = 0.9;
  Duration window = std::chrono::minutes{60};
  std::size_t max_threads = 1'000'000;   // the coldest is evicted beyond
  std::size_t max_joiners = 16'000'000;  // author entries over all threads; bounds the memory
  // Author entries of one thread that are exact; more are estimated, 5 % (Belief::saturated).
  std::size_t max_thread_authors = 65'536;
  // Mentions remembered, as keys: the last 860,000 at least. Tombstones: a quarter of it.
  std::size_t max_seen = 2'000'000;
  // Without a mention; a thread with an open decision stays.
  Duration max_age = std::chrono::hours{72};
  // An event time later than arrival is arrival; later by more than this is counted as a fault.
  Duration max_future = std::chrono::minutes{2};
  // Kernel, prior and weights; nullptr: what ships.
  std::shared_ptr<const Model> model;
};

// How a mention speaks, beyond being negative; all may be left at 0.
struct Voice {
  float anger = 0, action = 0, concrete = 0, threat = 0;  // probabilities
  bool first_person = false, they = false;                // words of it
  bool addressed = false;                                 // names an account of the brand
  bool link = false;
  bool private_data = false;  // of an official post: somebody's
  std::uint64_t print = 0;    // SimHash of the text; 0: too short to say
};

// One matched and scored mention, in numbers. Its event time is created_at, but never later than
// received_at, and received_at where created_at is before 2000 (a missing field says nothing; both
// clamps are counted).
struct Observation {
  std::uint64_t mention = 0;  // MentionView::key()
  std::uint64_t thread = 0;   // key of the root it names
  std::uint64_t quoted = 0;   // key of the quoted mention; 0: none
  // Key of the mention it answers; 0: none. Only used where it names no root (thread == mention).
  std::uint64_t parent = 0;
  std::uint64_t author = 0;
  std::uint32_t brand = 0;
  Time created_at{}, received_at{};
  float negative = 0;
  bool official = false;
  bool edit = false;
  Voice voice;
};

// What the table knew of the mention itself. `tombstoned`: deleted before; not counted.
enum class Seen : std::uint8_t { fresh, duplicate, edited, tombstoned };

struct Observed {
  Seen seen = Seen::fresh;
  std::uint64_t thread = 0;  // that it counts in: its own, or the one that it or its root quotes
  std::uint32_t brand = 0;   // that owns the thread: the brand of its first mention
  bool new_critic = false;   // the thread has more distinct negative joiners than before
  bool new_thread = false;
  bool loud = false;  // one author writes very much; not said of every post
};

class Table {
 public:
  // Throws std::invalid_argument on a limit of 0, a window under a second or a scorer no better
  // than chance.
  explicit Table(Settings settings);
  ~Table();

  // Is this mention part of something tracked: its thread, the thread its root belongs to, or a
  // tracked mention that it quotes or (if given) answers? The brand that owns that. O(1).
  std::optional<std::uint32_t> tracked(std::uint64_t thread, std::uint64_t quoted,
                                       std::uint64_t parent = 0) const noexcept;
  // Does a mention that does not name the brand count all the same? If it stands below a root that
  // we saw, answers or quotes a mention that we saw. Below a stranger's root, that of a thread
  // which we know only from replies that name the brand, it does not. The brand that owns it. O(1).
  std::optional<std::uint32_t> member(std::uint64_t thread, std::uint64_t parent,
                                      std::uint64_t quoted) const noexcept;
  // The brand that owns a live thread. nullopt: not live.
  std::optional<std::uint32_t> owner(std::uint64_t thread) const noexcept;

  // Idempotent on Observation::mention. `now` is arrival time (received_at).
  Observed observe(const Observation& observation);
  // A delete: leaves a tombstone, also for a mention not seen yet; joiners stay (exposure has
  // happened). The thread that the mention was in, if it was seen and is not deleted yet.
  std::optional<std::uint64_t> remove(std::uint64_t mention, Time now);

  // What is known of a thread at `now`. nullopt: not live. Windows count critics whose first
  // negative event lies in (now - window, now + 2 min], in whole seconds: later ones were stamped
  // by a clock that was wrong. `first_at`, `last_at` and `last_critic_at` are in whole seconds too.
  // O(log) in the size of the thread.
  std::optional<Belief> belief(std::uint64_t thread, Time now) const;
  // The brand's critics over the expected, as the brand level sees them; a feature of its threads
  // until told otherwise. 1: as expected.
  void set_surge(std::uint32_t brand, double factor);
  const Model& model() const noexcept;
  // The decision's memory; nullptr: the thread is not live. It outlives the thread (for the last
  // 65,536 threads that had an incident), so that a revival is the next episode and not the first
  // again. Valid until the thread goes.
  DecisionState* decision(std::uint64_t thread);
  // Puts a thread back in the state that the store remembers (an open incident after a restart). A
  // thread that is not live is made so for `brand`; without one, the state waits for the thread's
  // next mention.
  void restore(std::uint64_t thread, const DecisionState& state,
               std::optional<std::uint32_t> brand = std::nullopt);

  // As if the thread and its decision had never been; mentions of it are still known as seen.
  void forget(std::uint64_t thread);
  // Threads with an open decision (watch or beyond), in order of their key, for the clock-driven
  // part of the decision. Both cost in proportion to those and to the calls of decision() since the
  // last of either.
  std::vector<std::uint64_t> open() const;
  bool has_open() const;
  // The `n` threads with the most critics in the window, then the most in all. Looks at every
  // thread that had a mention in the last window: for a board or a restart, not for every mention.
  std::vector<std::pair<std::uint64_t, Belief>> hottest(std::size_t n, Time now) const;

  // All that the table knows. load() goes into a table without a mention; it throws ArchiveError
  // for what another version or other settings wrote, and the table is then of no use. What comes
  // after is the same as without the interruption, to the byte, as long as no more than 65,536
  // threads that are gone had an incident.
  void save(ArchiveWriter& out) const;
  void load(ArchiveReader& in, const BrandNumbers& brands);

  std::size_t size() const noexcept;
  std::size_t bytes() const noexcept;  // heap in use, without the allocator's own overhead
  struct Stats {
    std::uint64_t duplicates = 0, edits = 0, removed = 0, removed_before_create = 0, tombstoned = 0,
                  evicted = 0, folded = 0, clamped_future = 0, clamped_past = 0,
                  joiners_saturated = 0, copies = 0;
  };
  const Stats& stats() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brandwacht::thread
