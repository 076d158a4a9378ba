// What a page shows of a thread: its root, its strongest posts, when the brand last answered.
// Bounded: the coldest story and the oldest posts go first, and a page without evidence is still a
// page.
#pragma once
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "monitor/incident.hpp"
#include "monitor/line/post_ring.hpp"
#include "monitor/mention.hpp"

namespace brandwacht::line {

// Redacted, ready to be shown.
struct Story {
  std::string platform, root_id, root_url;  // empty: all its posts are gone from memory
  std::vector<Evidence> evidence;  // the root, if seen, then the strongest critics, strongest first
  Time last_official{};            // default: the brand has not answered
  Time first_negative{};           // default: none yet
};

class Stories {
 public:
  static constexpr std::size_t kEvidence = 4;  // critics kept beside the root, one post an author
  static constexpr std::size_t kTextLength = 280;  // code points
  static constexpr std::size_t kNameLength = 60;

  Stories(std::size_t max_stories, std::size_t ring_bytes);

  // What a post adds to the story of `thread`.
  void tell(std::uint64_t thread, const Post& post, bool official);

  std::optional<Story> find(std::uint64_t thread) const;
  std::string root_id(std::uint64_t thread) const;  // of find(), without the rest
  void forget_mention(std::uint64_t thread, std::uint64_t mention);
  // Looks at all stories, but only if this author was ever in one: most accounts that vanish were
  // not.
  void forget_author(std::uint64_t author_key);

  // Everything, with redacted words. load() into one that was told nothing; throws ArchiveError.
  void save(ArchiveWriter& out) const;
  void load(ArchiveReader& in);

  std::size_t size() const { return index_.size(); }
  std::size_t bytes() const;  // heap

 private:
  using Slot = std::uint32_t;
  static constexpr Slot kNone = UINT32_MAX;

  struct Kept {
    std::uint64_t post = 0;  // handle in the ring; 0: none
    std::uint64_t mention = 0, author_key = 0;
    float negative = 0;
  };
  struct Record {
    std::uint64_t thread = 0;
    Slot colder = kNone, warmer = kNone;
    Kept root;
    std::uint64_t latest = 0;          // any post, for the names of platform and root
    std::array<Kept, kEvidence> kept;  // strongest first
    Time last_official{}, first_negative{};
  };

  Record& touch(std::uint64_t thread);
  void unlink(Slot slot);
  void link_warmest(Slot slot);
  void keep(Record& record, const Kept& what);
  void show(const Kept& what, Story& story) const;
  template <class Gone>
  void forget(Record& record, Gone gone);
  bool maybe_told(std::uint64_t author_key) const;
  void save_posts(ArchiveWriter& out) const;

  std::size_t max_;
  boost::unordered_flat_map<std::uint64_t, Slot> index_;
  std::vector<Record> records_;
  Slot coldest_ = kNone, warmest_ = kNone;
  PostRing ring_;
  std::vector<std::uint64_t> authors_;  // a Bloom filter of author keys in evidence
};

}  // namespace brandwacht::line
