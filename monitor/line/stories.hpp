// What a page shows of a thread: its root, its strongest posts, when the brand last answered. Redacted text only. Bounded:
// the coldest story goes first, and a page without evidence is still a page.
#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "monitor/incident.hpp"
#include "monitor/mention.hpp"

namespace brandwacht::line {

struct Story {
  std::string platform, root_id, root_url;
  std::vector<Evidence> evidence;  // the root, if seen, then the strongest critics, strongest first
  Time last_official{};            // default: the brand has not answered
  Time first_negative{};           // default: none yet
};

class Stories {
 public:
  static constexpr std::size_t kEvidence = 4;      // critics kept beside the root
  static constexpr std::size_t kTextLength = 280;  // code points
  static constexpr std::size_t kNameLength = 60;

  explicit Stories(std::size_t max_stories) : max_(max_stories) {}

  // What `mention` adds to the story of `thread`. Redacts. `negative` is its score.
  void tell(std::uint64_t thread, const MentionView& mention, double negative, bool official);
  // From the store, where the text was redacted before.
  void tell(std::uint64_t thread, std::string_view platform, std::string_view root_id, Evidence post, bool official);

  const Story* find(std::uint64_t thread) const;
  void forget_mention(std::uint64_t thread, std::uint64_t mention);
  void forget_author(std::uint64_t author_key);

  std::size_t size() const { return stories_.size(); }
  std::size_t bytes() const;  // heap, about

 private:
  struct Slot {
    Story story;
    std::list<std::uint64_t>::iterator age;
  };
  Story& touch(std::uint64_t thread, std::string_view platform, std::string_view root_id);
  static bool wanted(const Story& story, const Evidence& post);
  static void keep(Story& story, Evidence post);

  std::size_t max_;
  std::unordered_map<std::uint64_t, Slot> stories_;
  std::list<std::uint64_t> by_age_;  // coldest first
};

}  // namespace brandwacht::line
