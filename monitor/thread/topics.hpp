// Threads of one brand and topic within two hours are one incident (escalation-model section 5). A
// small online clustering of the posts of candidate threads, roots and critics: a post joins the
// running topic whose words it shares, weighed by how rare they are with this brand, or of which it
// is a near duplicate; else it begins a topic. Topics that one post
// belongs to become one, unless both have an incident. No text is kept, only hashes.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/signature.hpp"
#include "monitor/thread/topic_words.hpp"
#include "monitor/time.hpp"

namespace brandwacht::thread {

using TopicId = std::uint64_t;  // from 1; never given twice

struct TopicSettings {
  Duration window = std::chrono::hours{2};  // a topic without a new post for so long is over
  // Nats for "the same matter"; higher splits more. At 3, one in fourteen everyday complaints that
  // come within two hours of others joins one of them, and an outage falls into a few topics.
  double evidence = 3;
};

struct Topic {
  TopicId id = 0;  // 0: a free place
  Time first_at{}, last_at{};
  std::int32_t threads = 0;    // assigned to it
  std::int32_t paged = 0;      // of these, noted by note_page()
  std::uint64_t incident = 0;  // of the first that paged; 0: none
  TopicWords words;
  std::array<SimHash, 4> last{};    // of its last posts
  std::array<TopicId, 4> former{};  // topics that became part of it, the last of them
};

struct TopicMatch {
  TopicId id = 0;
  bool is_new = false;
  double evidence = 0;         // 0: near duplicate, or the thread was known
  std::int32_t threads = 1;    // of the topic, with this one
  std::int32_t paged = 0;      // of these, three make T1
  std::uint64_t incident = 0;  // an incident that the thread belongs to instead of its own
};

// A value; save() keeps it over a restart. At most kTopics running topics a brand, and kBrands
// brands; the coldest topic goes first and is counted. About 32 KiB a brand.
class Topics {
 public:
  static constexpr std::size_t kTopics = 32, kBrands = 1024, kThreads = 4096;

  explicit Topics(TopicSettings settings = {}) : settings_(settings) {}

  // Words that say nothing of a topic: the brand's own names (share 1), and everyday words of
  // complaints (their share of posts).
  void expect(std::uint32_t brand, const Signature& words, double share);
  // Any post of the brand, candidate or not: what is common is learnt from these, save what a
  // running topic of several threads has brought.
  void learn(std::uint32_t brand, const Signature& post, Time now);
  // Would learn() look at another post? Asked before, it saves the making of a signature: of a busy
  // brand it looks at twenty posts in ten minutes.
  bool wants(std::uint32_t brand, Time now) const;

  // The running topic that a post would join; nothing changes.
  std::optional<TopicId> topic_of(std::uint32_t brand, const Signature& post, Time now) const;
  // A candidate thread, with its root's post or a critic's. A thread stays with its topic while
  // that runs; another of its posts adds to the topic's words.
  TopicMatch assign(std::uint32_t brand, std::uint64_t thread, const Signature& post, Time now);
  // What assign() said of a thread that is with a running topic; nullopt: it is with none.
  std::optional<TopicMatch> seat(std::uint32_t brand, std::uint64_t thread, Time now) const;
  // The thread paged: in its topic it is the incident, if it is the first.
  void note_page(std::uint32_t brand, TopicId topic, std::uint64_t incident);
  // That incident is closed: the topic's next page opens another.
  void note_close(std::uint64_t incident);

  // For the store: all that it knows, for this version on this machine. restore() is false, and
  // changes nothing, when the bytes are not such.
  std::string save() const;
  bool restore(std::string_view bytes);

  const Topic* find(std::uint32_t brand, TopicId topic) const;
  std::uint64_t dropped() const noexcept { return dropped_; }  // topics that gave way while running

 private:
  struct Brand {
    OrdinaryWords ordinary;
    std::array<Topic, kTopics> topics{};
  };
  struct Seat {
    std::uint64_t thread = 0;
    TopicId topic = 0;
  };
  struct Best {
    std::size_t at = kTopics;  // kTopics: none
    double evidence = 0;
    std::array<bool, kTopics> also{};  // the post would join these as well
  };
  Brand& brand(std::uint32_t number);
  const Brand* brand_if(std::uint32_t number) const;
  bool runs(const Topic& topic, Time now) const;
  Best best(const Brand& brand, const Signature& post, Time now) const;
  static void join_topics(Brand& brand, const Best& found);
  Topic& fresh(Brand& brand, Time now);
  Topic* seated(Brand& brand, std::uint64_t thread, Time now);

  TopicSettings settings_;
  std::vector<Brand> brands_;
  std::vector<Seat> seats_;  // by a hash of the thread; a collision forgets the older one
  TopicId next_ = 1;
  std::uint64_t dropped_ = 0;
};

}  // namespace brandwacht::thread
