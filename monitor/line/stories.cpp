#include "monitor/line/stories.hpp"

#include <algorithm>

#include "monitor/text/redact.hpp"

namespace brandwacht::line {

void Stories::tell(std::uint64_t thread, const MentionView& mention, double negative, bool official) {
  Story& story = touch(thread, mention.platform, mention.thread);
  if (official) story.last_official = std::max(story.last_official, mention.created_at);
  Evidence post;
  post.mention = mention.key();
  post.author_key = mention.author_key();
  post.at = mention.created_at;
  post.negative = negative;
  post.root = mention.thread == mention.id;
  if (post.root) story.root_url = mention.url;
  if (negative >= 0.5 && !official && (story.first_negative == Time{} || post.at < story.first_negative))
    story.first_negative = post.at;
  if ((official && !post.root) || !wanted(story, post)) return;
  post.author =
      text::redact(mention.author_name.empty() ? mention.author : mention.author_name, kNameLength);
  post.text = text::redact(mention.text, kTextLength);
  post.url = mention.url;
  keep(story, std::move(post));
}

void Stories::tell(std::uint64_t thread, std::string_view platform, std::string_view root_id, Evidence post,
                   bool official) {
  Story& story = touch(thread, platform, root_id);
  if (official) story.last_official = std::max(story.last_official, post.at);
  if (post.root) story.root_url = post.url;
  if (post.negative >= 0.5 && !official && (story.first_negative == Time{} || post.at < story.first_negative))
    story.first_negative = post.at;
  if ((official && !post.root) || post.text.empty() || !wanted(story, post)) return;
  keep(story, std::move(post));
}

bool Stories::wanted(const Story& story, const Evidence& post) {
  if (post.root) return true;
  if (post.negative < 0.5) return false;
  const bool has_root = !story.evidence.empty() && story.evidence.front().root;
  return story.evidence.size() < kEvidence + has_root || story.evidence.back().negative < post.negative;
}

// The root first, then by strength; one post an author, so that one loud person does not fill the page.
void Stories::keep(Story& story, Evidence post) {
  auto& list = story.evidence;
  std::erase_if(list, [&](const Evidence& e) { return e.mention == post.mention; });
  if (!post.root) {
    const auto same = std::ranges::find_if(
        list, [&](const Evidence& e) { return !e.root && e.author_key == post.author_key; });
    if (same != list.end()) {
      if (same->negative >= post.negative) return;
      list.erase(same);
    }
  }
  const auto stronger = [](const Evidence& a, const Evidence& b) {
    return a.root != b.root ? a.root : a.negative > b.negative;
  };
  list.insert(std::ranges::upper_bound(list, post, stronger), std::move(post));
  const std::size_t most = kEvidence + (list.front().root ? 1 : 0);
  if (list.size() > most) list.pop_back();
}

const Story* Stories::find(std::uint64_t thread) const {
  const auto found = stories_.find(thread);
  return found == stories_.end() ? nullptr : &found->second.story;
}

void Stories::forget_mention(std::uint64_t thread, std::uint64_t mention) {
  if (const auto found = stories_.find(thread); found != stories_.end())
    std::erase_if(found->second.story.evidence, [&](const Evidence& e) { return e.mention == mention; });
}

void Stories::forget_author(std::uint64_t author_key) {
  for (auto& [thread, slot] : stories_)
    std::erase_if(slot.story.evidence, [&](const Evidence& e) { return e.author_key == author_key; });
}

Story& Stories::touch(std::uint64_t thread, std::string_view platform, std::string_view root_id) {
  const auto [found, fresh] = stories_.try_emplace(thread);
  Slot& slot = found->second;
  if (!fresh) {
    by_age_.splice(by_age_.end(), by_age_, slot.age);
    return slot.story;
  }
  slot.age = by_age_.insert(by_age_.end(), thread);
  slot.story.platform = platform;
  slot.story.root_id = root_id;
  if (stories_.size() > max_) {
    stories_.erase(by_age_.front());
    by_age_.pop_front();
  }
  return slot.story;
}

std::size_t Stories::bytes() const {
  const auto heap = [](const std::string& s) { return s.capacity() > 15 ? s.capacity() + 17 : 0; };
  std::size_t sum = stories_.bucket_count() * sizeof(void*) + stories_.size() * (sizeof(Slot) + 72);
  for (const auto& [thread, slot] : stories_) {
    const Story& story = slot.story;
    sum += heap(story.platform) + heap(story.root_id) + heap(story.root_url) +
           story.evidence.capacity() * sizeof(Evidence);
    for (const auto& post : story.evidence) sum += heap(post.author) + heap(post.text) + heap(post.url);
  }
  return sum;
}

}  // namespace brandwacht::line
