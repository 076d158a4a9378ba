#include "monitor/line/stories.hpp"

#include <algorithm>

#include "monitor/text/redact.hpp"

namespace brandwacht::line {
namespace {

constexpr std::size_t kFilterBits = 1 << 20;

// Two bits a key; keys are hashes already.
std::array<std::size_t, 2> bits(std::uint64_t key) {
  return {static_cast<std::size_t>(key % kFilterBits),
          static_cast<std::size_t>((key >> 32) % kFilterBits)};
}

}  // namespace

Stories::Stories(std::size_t max_stories, std::size_t ring_bytes)
    : max_(std::max<std::size_t>(max_stories, 1)), ring_(ring_bytes), authors_(kFilterBits / 64) {}

void Stories::tell(std::uint64_t thread, const Post& post, bool official) {
  Record& record = touch(thread);
  if (official) record.last_official = std::max(record.last_official, post.at);
  const bool negative = post.negative >= 0.5F && !official;
  if (negative && (record.first_negative == Time{} || post.at < record.first_negative))
    record.first_negative = post.at;
  if (!post.root && (!negative || record.kept.back().negative >= post.negative)) return;
  const Kept what{ring_.put(post), post.mention, post.author_key, post.negative};
  if (!post.root_id.empty()) record.latest = what.post;
  for (const std::size_t bit : bits(post.author_key))
    authors_[bit / 64] |= std::uint64_t{1} << bit % 64;
  if (post.root)
    record.root = what;
  else
    keep(record, what);
}

// By strength, one post an author, so that one loud person does not fill the page.
void Stories::keep(Record& record, const Kept& what) {
  auto& kept = record.kept;
  auto place = std::ranges::find_if(kept, [&](const Kept& k) {
    return k.post != 0 && (k.author_key == what.author_key || k.mention == what.mention);
  });
  if (place == kept.end()) {
    place = kept.end() - 1;
  } else if (place->negative >= what.negative && place->mention != what.mention) {
    return;
  }
  *place = what;
  for (; place != kept.begin() && (place - 1)->negative < place->negative; --place)
    std::iter_swap(place, place - 1);
}

void Stories::show(const Kept& what, Story& story) const {
  Post post;
  if (!ring_.get(what.post, post)) return;
  Evidence shown;
  shown.mention = post.mention;
  shown.author_key = post.author_key;
  shown.author = text::redact(post.author, kNameLength);
  shown.text = text::redact(post.text, kTextLength);
  shown.url = post.url;
  shown.at = post.at;
  shown.negative = static_cast<double>(post.negative);
  shown.root = post.root;
  if (post.root) story.root_url = post.url;
  story.evidence.push_back(std::move(shown));
}

std::optional<Story> Stories::find(std::uint64_t thread) const {
  const auto found = index_.find(thread);
  if (found == index_.end()) return std::nullopt;
  const Record& record = records_[found->second];
  Story story;
  story.last_official = record.last_official;
  story.first_negative = record.first_negative;
  Post latest;
  if (ring_.get(record.latest, latest)) {
    story.platform = latest.platform;
    story.root_id = latest.root_id;
  }
  show(record.root, story);
  for (const Kept& kept : record.kept)
    if (kept.post != 0) show(kept, story);
  return story;
}

std::string Stories::root_id(std::uint64_t thread) const {
  Post latest;
  const auto found = index_.find(thread);
  if (found == index_.end() || !ring_.get(records_[found->second].latest, latest)) return {};
  return std::string(latest.root_id);
}

template <class Gone>
void Stories::forget(Record& record, Gone gone) {
  if (gone(record.root)) {
    ring_.erase(record.root.post);
    record.root = {};
  }
  for (Kept& kept : record.kept)
    if (kept.post != 0 && gone(kept)) {
      ring_.erase(kept.post);
      kept = {};
    }
  std::ranges::stable_sort(record.kept, std::greater<>{}, &Kept::negative);
}

void Stories::forget_mention(std::uint64_t thread, std::uint64_t mention) {
  if (const auto found = index_.find(thread); found != index_.end())
    forget(records_[found->second], [mention](const Kept& k) { return k.mention == mention; });
}

void Stories::forget_author(std::uint64_t author_key) {
  if (!maybe_told(author_key)) return;
  for (const auto& [thread, slot] : index_)
    forget(records_[slot], [author_key](const Kept& k) { return k.author_key == author_key; });
}

bool Stories::maybe_told(std::uint64_t author_key) const {
  return std::ranges::all_of(
      bits(author_key), [this](std::size_t bit) { return authors_[bit / 64] >> bit % 64 & 1; });
}

Stories::Record& Stories::touch(std::uint64_t thread) {
  if (const auto found = index_.find(thread); found != index_.end()) {
    const Slot slot = found->second;
    if (slot != warmest_) {
      unlink(slot);
      link_warmest(slot);
    }
    return records_[slot];
  }
  Slot slot = 0;
  if (records_.size() < max_) {
    slot = static_cast<Slot>(records_.size());
    records_.emplace_back();
  } else {
    slot = coldest_;
    unlink(slot);
    index_.erase(records_[slot].thread);
    records_[slot] = {};
  }
  records_[slot].thread = thread;
  index_.emplace(thread, slot);
  link_warmest(slot);
  return records_[slot];
}

void Stories::unlink(Slot slot) {
  const Record& record = records_[slot];
  (record.colder == kNone ? coldest_ : records_[record.colder].warmer) = record.warmer;
  (record.warmer == kNone ? warmest_ : records_[record.warmer].colder) = record.colder;
}

void Stories::link_warmest(Slot slot) {
  records_[slot].colder = warmest_;
  records_[slot].warmer = kNone;
  (warmest_ == kNone ? coldest_ : records_[warmest_].warmer) = slot;
  warmest_ = slot;
}

std::size_t Stories::bytes() const {
  return ring_.bytes() + records_.capacity() * sizeof(Record) +
         index_.bucket_count() * (sizeof(std::pair<std::uint64_t, Slot>) + 1) + authors_.size() * 8;
}

}  // namespace brandwacht::line
