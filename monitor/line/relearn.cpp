// What a restart gives back to the line: the posts of the journal and the incidents that are open.
#include <algorithm>

#include "monitor/line/line.hpp"

namespace brandwacht::line {

void Line::relearn(const Learnt& learnt, Time now) {
  now_ = std::max(now_, now);
  switch (learnt.kind) {
    case MentionKind::create:
    case MentionKind::edit: {
      const auto brand = std::ranges::find(settings_.brands, learnt.brand, &text::BrandTerms::name);
      if (brand == settings_.brands.end()) return;  // no longer configured
      thread::Observation seen = learnt.observation;
      seen.brand = static_cast<std::uint32_t>(brand - settings_.brands.begin());
      const auto observed = table_.observe(seen);
      if (observed.seen == thread::Seen::duplicate || observed.seen == thread::Seen::tombstoned)
        return;
      if (observed.new_critic)
        desk_.relearn(observed.brand, {observed.thread, seen.author, seen.created_at, 1}, now_);
      tell_webcare_again(learnt, seen);
      Post post;
      post.mention = learnt.post.mention;
      post.author_key = learnt.post.author_key;
      post.at = learnt.post.at;
      post.negative = static_cast<float>(learnt.post.negative);
      post.root = learnt.post.root;
      post.platform = learnt.platform;
      post.root_id = learnt.root_id;
      post.author = learnt.post.author;
      post.text = learnt.post.text;
      post.url = learnt.post.url;
      // A post whose words were erased before the restart is not shown again.
      if (!post.text.empty() || seen.official) stories_.tell(observed.thread, post, seen.official);
      break;
    }
    case MentionKind::remove:
      (void)table_.remove(learnt.post.mention, now_);
      break;
    case MentionKind::author_gone:
      break;  // the store erased the texts already
  }
}

void Line::restore(const Incident& incident, Time now) {
  now_ = std::max(now_, now);
  thread::DecisionState state;
  state.state = incident.state;
  state.tier = incident.tier;
  state.episode = static_cast<std::uint16_t>(incident.episode);
  state.notified = true;
  state.joiners_at_page = incident.joiners;
  state.opened_at = incident.opened_at;
  state.paged_at = state.decided_at = incident.updated_at;
  const auto found = std::ranges::find(settings_.brands, incident.brand, &text::BrandTerms::name);
  if (found == settings_.brands.end())
    return;  // no longer configured; its page stays with the receiver
  const auto brand = static_cast<std::uint32_t>(found - settings_.brands.begin());
  if (!incident.surge) table_.restore(incident.thread_key, state, brand);
  desk_.restore(incident, brand, now_);
}

void Line::reconsider(Time now) {
  now_ = std::max(now_, now);
  desk_.reconsider(now_);
  for (const auto& [thread, belief] : table_.hottest(1000, now_))
    if (const auto brand = table_.owner(thread)) decide(thread, *brand, now_);
  say_owed(now_);
}

}  // namespace brandwacht::line
