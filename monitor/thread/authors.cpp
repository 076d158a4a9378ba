#include "monitor/thread/authors.hpp"

#include <algorithm>
#include <bit>
#include <memory>

#include "monitor/thread/times.hpp"

namespace brandwacht::thread {
namespace {

constexpr std::size_t kEntry = sizeof(std::uint64_t) + sizeof(Second);

// Authors without an id, and the one key in 2^64 that is 0, are one author: 0 marks a free slot.
std::uint64_t usable(std::uint64_t author) noexcept {
  return author == 0 ? 1 : author;
}

// Words of a block for `capacity` authors and then their seconds.
std::size_t words(std::uint32_t capacity) {
  return capacity + capacity / 2;
}

}  // namespace

// The hash table of a large thread, linear probing at a load of at most 3/4, and the critics'
// seconds in order.
struct Authors::Crowd {
  explicit Crowd(std::uint32_t capacity)
      : authors(std::make_unique<std::uint64_t[]>(capacity)),
        times(std::make_unique<Second[]>(capacity)),
        mask(capacity - 1) {}

  // The slot of `author`, or the free one where he belongs.
  std::uint32_t slot_of(std::uint64_t author) const noexcept {
    // Keys are hashes already; the multiplication spreads the small numbers of tests.
    const int shift = std::countl_zero(std::uint64_t{mask});
    auto slot = static_cast<std::uint32_t>((author * 0x9e3779b97f4a7c15ULL) >> shift);
    while (authors[slot] != 0 && authors[slot] != author)
      slot = (slot + 1) & mask;
    return slot;
  }

  std::unique_ptr<std::uint64_t[]> authors;
  std::unique_ptr<Second[]> times;
  std::uint32_t mask;
  Times critics;  // of those who count
};

Second Authors::merge(Second known, Second negative_at, bool official) noexcept {
  if (official || known == kOutside) return kOutside;
  if (known == kNever || negative_at == kNever) return std::max(known, negative_at);
  return std::min(known, negative_at);
}

Authors::Slots Authors::slots() const noexcept {
  if (capacity_ > kSome) return {crowd_->authors.get(), crowd_->times.get()};
  if (capacity_ > kFew) return {some_, reinterpret_cast<Second*>(some_ + capacity_)};
  return {const_cast<std::uint64_t*>(few_.authors), const_cast<Second*>(few_.times)};
}

std::uint32_t Authors::find(std::uint64_t author) const noexcept {
  if (capacity_ > kSome) {
    const std::uint32_t slot = crowd_->slot_of(author);
    return crowd_->authors[slot] == author ? slot : capacity_;
  }
  const std::uint64_t* const authors = slots().authors;
  for (std::uint32_t i = 0; i < size_; ++i)
    if (authors[i] == author) return i;
  return capacity_;
}

// Changes what is known of one who counts until now, and keeps the counts.
void Authors::set(Second& time, Second value) noexcept {
  const Second old = time;
  if (old == value) return;  // kOutside never becomes anything else
  time = value;
  if (value == kOutside) ++outside_;
  joiners_ += (value != kOutside ? 1U : 0U) - (old != kNever ? 1U : 0U);
  if (capacity_ <= kSome) return;
  if (old != kNever) crowd_->critics.erase(old);
  if (value != kOutside) crowd_->critics.insert(value);
}

Authors::Change Authors::join(std::uint64_t author, Second negative_at, bool official,
                              bool may_add) {
  author = usable(author);
  std::uint32_t at = find(author);
  const bool known = at != capacity_;
  if (!known) {
    if (!may_add) return {.joined = Joined::refused};
    at = add(author);
  }
  Second& time = slots().times[at];
  const auto counted = [&time] { return time == kOutside ? kNever : time; };
  Change change{.joined = known ? Joined::known : Joined::added, .before = counted()};
  if (author == root_) {
    root_time_ = merge(root_time_, negative_at, official);
    set(time, kOutside);
  } else {
    set(time, merge(time, negative_at, official));
  }
  change.after = counted();
  return change;
}

std::uint32_t Authors::add(std::uint64_t author) {
  const std::uint32_t room = capacity_ <= kSome ? capacity_ : capacity_ / 4 * 3;
  if (size_ == room) grow();
  const std::uint32_t at = capacity_ <= kSome ? size_ : crowd_->slot_of(author);
  slots().authors[at] = author;
  slots().times[at] = kNever;
  ++size_;
  return at;
}

// Six, 16, 32, 64 in a row, then a table of 128 and on.
void Authors::grow() {
  const Slots old = slots();
  const std::uint32_t capacity = capacity_ == kFew ? 16 : capacity_ * 2;
  if (capacity <= kSome) {
    auto block = std::make_unique<std::uint64_t[]>(words(capacity));
    std::copy_n(old.authors, size_, block.get());
    std::copy_n(old.times, size_, reinterpret_cast<Second*>(block.get() + capacity));
    if (capacity_ > kFew) delete[] some_;
    some_ = block.release();
    capacity_ = capacity;
    return;
  }
  auto crowd = std::make_unique<Crowd>(capacity);
  const bool was_crowd = capacity_ > kSome;
  for (std::uint32_t i = 0; i < (was_crowd ? capacity_ : size_); ++i) {
    if (old.authors[i] == 0) continue;
    const std::uint32_t slot = crowd->slot_of(old.authors[i]);
    crowd->authors[slot] = old.authors[i];
    crowd->times[slot] = old.times[i];
    if (!was_crowd && old.times[i] != kNever && old.times[i] != kOutside)
      crowd->critics.insert(old.times[i]);
  }
  if (was_crowd) {
    crowd->critics = std::move(crowd_->critics);
    delete crowd_;
  } else {
    delete[] some_;
  }
  crowd_ = crowd.release();
  capacity_ = capacity;
}

Authors::Change Authors::set_root(std::uint64_t author) noexcept {
  if (root_ != 0) return {};
  root_ = usable(author);
  const std::uint32_t at = find(root_);
  if (at == capacity_) return {};
  Second& time = slots().times[at];
  const Second before = time == kOutside ? kNever : time;
  root_time_ = time;
  set(time, kOutside);
  return {.before = before};
}

void Authors::clear() noexcept {
  if (capacity_ > kSome) {
    delete crowd_;
  } else if (capacity_ > kFew) {
    delete[] some_;
  }
  root_ = 0;
  root_time_ = kNever;
  joiners_ = outside_ = size_ = 0;
  capacity_ = kFew;
  saturated_ = false;
}

Pace Authors::pace(const Window& window) const noexcept {
  Pace pace;
  if (joiners_ == 0) return pace;
  if (capacity_ > kSome) {
    const Times& critics = crowd_->critics;
    const std::size_t future = critics.count_after(window.until);
    const std::size_t recent = critics.count_after(window.recent_from);
    pace.window = static_cast<std::uint32_t>(critics.count_after(window.from) - future);
    pace.recent = static_cast<std::uint32_t>(recent - future);
    pace.before = static_cast<std::uint32_t>(critics.count_after(window.before_from) - recent);
    pace.last = critics.last();
    return pace;
  }
  // No branches: what does not count is kNever, before every window, or kOutside, after every one.
  const Second* const times = slots().times;
  for (std::uint32_t i = 0; i < size_; ++i) {
    const Second at = times[i];
    const bool over = at <= window.until;
    pace.window += at > window.from && over ? 1 : 0;
    pace.recent += at > window.recent_from && over ? 1 : 0;
    pace.before += at > window.before_from && at <= window.recent_from ? 1 : 0;
    pace.last = std::max(pace.last, at == kOutside ? kNever : at);
  }
  return pace;
}

std::size_t Authors::heap() const noexcept {
  if (capacity_ <= kFew) return 0;
  if (capacity_ <= kSome) return capacity_ * kEntry;
  return sizeof(Crowd) + capacity_ * kEntry + crowd_->critics.heap();
}

}  // namespace brandwacht::thread
