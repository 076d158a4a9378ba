// Who takes part in one thread, each author once, and since when he is a critic. Six authors live
// inside the object, up to 64 in one block on the heap, more in a hash table. Everything here is a
// join of facts (the earliest negative second, "is official", "is the root author"): neither order
// nor repetition of what is told can change the outcome.
#pragma once
#include <cstddef>
#include <cstdint>

#include "monitor/thread/seconds.hpp"

namespace brandwacht::thread {

// Which critics to count: those that joined in (from, until].
struct Window {
  Second until = 0;
  Second from = 0;         // the window
  Second recent_from = 0;  // the last 10 min
  Second before_from = 0;  // the 10 min before those
};

struct Pace {
  std::uint32_t window = 0, recent = 0, before = 0;
  Second last = kNever;  // when the last critic joined, inside the window or not
};

class Authors {
 public:
  enum class Joined : std::uint8_t { known, added, refused };
  // What a fact changed: since when the author counts as a critic, before it and after it; kNever:
  // he does not. Equal: nothing.
  struct Change {
    Joined joined = Joined::known;
    Second before = kNever, after = kNever;
  };

  Authors() noexcept {}
  ~Authors() { clear(); }
  Authors(const Authors&) = delete;
  Authors& operator=(const Authors&) = delete;

  // `negative_at`: the second of a negative post; kNever: the post is not negative. An official
  // account never counts, whatever it wrote. `may_add` false refuses an author not known yet.
  Change join(std::uint64_t author, Second negative_at, bool official, bool may_add);
  // The author of the root, who never counts. The first one told stays.
  Change set_root(std::uint64_t author) noexcept;
  std::uint64_t root() const noexcept { return root_; }  // 0: not known yet; 1: no id
  bool root_known() const noexcept { return root_ != 0; }
  bool is_root(std::uint64_t author) const noexcept { return root_known() && author == root_; }
  void clear() noexcept;

  std::uint32_t size() const noexcept { return size_; }  // entries, those who do not count included
  std::uint32_t participants() const noexcept {
    return size_ - outside_;
  }                                                            // without root author and officials
  std::uint32_t joiners() const noexcept { return joiners_; }  // of those, critics
  Pace pace(const Window& window) const noexcept;
  std::size_t heap() const noexcept;                      // bytes outside this object
  bool saturated() const noexcept { return saturated_; }  // somebody was refused
  void saturate() noexcept { saturated_ = true; }

  // Calls f(author, negative_at, official) for every entry, in no particular order.
  template <class F>
  void each(F f) const;

 private:
  struct Crowd;
  static constexpr std::uint32_t kFew = 6;    // inside
  static constexpr std::uint32_t kSome = 64;  // in one block, searched from end to end
  // In place of the second: an author who does not count. For the root author the facts are in
  // root_time_.
  static constexpr Second kOutside = kLastSecond + 1;

  struct Slots {
    std::uint64_t* authors;  // 0: free
    Second* times;
  };
  Slots slots() const noexcept;
  std::uint32_t find(std::uint64_t author) const noexcept;  // its index, or capacity_
  std::uint32_t add(std::uint64_t author);
  void grow();
  void set(Second& time, Second value) noexcept;
  static Second merge(Second known, Second negative_at, bool official) noexcept;

  std::uint64_t root_ = 0;  // 0: not known yet
  union {
    struct {
      std::uint64_t authors[kFew];
      Second times[kFew];
    } few_;
    std::uint64_t* some_;  // capacity_ authors, then as many seconds
    Crowd* crowd_;
  };
  Second root_time_ = kNever;  // of the root author; kOutside: he is official
  std::uint32_t joiners_ = 0;
  std::uint32_t outside_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = kFew;  // over kSome: a crowd's
  bool saturated_ = false;
};

template <class F>
void Authors::each(F f) const {
  const Slots all = slots();
  const std::uint32_t end = capacity_ <= kSome ? size_ : capacity_;
  for (std::uint32_t i = 0; i < end; ++i) {
    if (all.authors[i] == 0) continue;
    const Second fact = all.authors[i] == root_ ? root_time_ : all.times[i];
    f(all.authors[i], fact == kOutside ? kNever : fact, fact == kOutside);
  }
}

}  // namespace brandwacht::thread
