// What official posts change.
#include <algorithm>

#include "monitor/desk/webcare.hpp"
#include "monitor/hash.hpp"

namespace brandwacht::desk {
namespace {

constexpr int kSame = 3;  // threads with nearly the same reply
constexpr Duration kSameWithin = std::chrono::hours{24};

}  // namespace

void Webcare::reply(const Post& post, const Reply& reply, Time now) {
  recent_[post.mention % kRecent] = {post.mention, post.author, 0, true};
  const Case* const known = cases_.find(post.thread);
  Case& one = cases_.touch(post.thread, post.brand);
  one.touched_at = now;
  if (post.root) one.own = true;
  if (known == nullptr) one.platform = hash_bytes(post.platform);
  if (reply.says_why) {
    for (Gone& gone : gone_.at) {
      if (gone.at == Time{} || gone.brand != post.brand || post.at < gone.at) continue;
      Case* of = cases_.find(gone.thread);
      if (of == nullptr || of->reason_until == Time{}) continue;
      // In the thread itself, or in a post of its own.
      if (of->thread != post.thread && !post.root) continue;
      of->reason_until = {};
      (void)say(What::removal_explained, *of, post.mention, now);
      settle(*of);
    }
  }
  if (!post.root) {
    if (post.edit)
      edited(one, post, reply, now);
    else
      answer(one, post, reply, now);
  }
  settle(one);
}

void Webcare::answer(Case& one, const Post& post, const Reply& reply, Time now) {
  one.last_official = std::max(one.last_official, post.at);
  if (one.open_since != Time{} && one.open_since <= post.at) {
    one.open_since = {};
    one.unanswered_at = {};
  }
  if (one.vague) one.vague = false;  // answered, so its author is heard
  if (one.asked_at != Time{} && one.first_reply == Time{} && post.at >= one.asked_at) {
    one.first_reply = post.at;
    Event& event = say(What::first_reply, one, post.mention, now);
    event.span = post.at - one.asked_at;
    event.count = reply.holding && !reply.answers ? 1 : 0;
    if (one.before) event.text = "before";
  }
  if (!reply.read) {
    // It is a reply; what it says is not known, so nothing else is claimed of it.
    if ((one.told & kForeign) == 0) (void)say(What::foreign, one, post.mention, now);
    one.told |= kForeign;
    return;
  }
  promise(one, post, reply, now);
  private_talk(one, post, reply, now);
  same_words(one, post, reply, now);
  if (reply.compensation) {
    one.compensated = true;
    (void)compensations_.push({post.at, one.thread, 0, one.brand, false});
    say(What::compensated, one, post.mention, now).count =
        precedents(one.brand, std::chrono::hours{24 * 30}, now);
  }
  if (reply.follow_up && one.asked_solved == Time{}) {
    one.asked_solved = post.at;
    (void)say(What::follow_up, one, post.mention, now);
  }
}

void Webcare::promise(Case& one, const Post& post, const Reply& reply, Time now) {
  // Where the talk goes on in private we do not see it: with that policy the invitation is the
  // answer.
  const bool elsewhere = reply.move_to_private && settings_.policy == Policy::private_first;
  if (reply.answers || (elsewhere && !reply.promised_by)) {
    keep_promise(one, post.mention, post.at, now);
    return;
  }
  if (!reply.promised_by) {
    if (reply.without_time && one.promise != Promise::standing)
      (void)say(What::promise_unclear, one, post.mention, now);
    return;
  }
  if (*reply.promised_by <= post.at) return;
  const bool standing = one.promise == Promise::standing;
  if (standing && *reply.promised_by <= one.promised_by) return;  // says again what it said
  if (standing && one.extensions > 0) {
    if (one.extensions < UINT8_MAX) ++one.extensions;
    Event& event = say(What::extended_again, one, post.mention, now);
    event.due = one.promised_by;
    event.count = one.extensions;
    return;
  }
  // A promise after one that was broken is its extension too.
  const bool more = standing || one.promise == Promise::broken;
  if (more && one.extensions < UINT8_MAX) ++one.extensions;
  if (!more) one.extensions = 0;
  one.promise = Promise::standing;
  one.promised_at = post.at;
  one.promised_by = *reply.promised_by;
  one.told &= ~std::uint32_t{kPromiseSoon};
  const Duration span = one.promised_by - one.promised_at;
  one.soon_at = one.promised_by - std::min(settings_.promise_soon, span / 2);
  Event& event = say(more ? What::extended : What::promised, one, post.mention, now);
  event.due = one.promised_by;
  event.count = one.extensions;
}

void Webcare::keep_promise(Case& one, std::uint64_t mention, Time at, Time now) {
  if (one.promise != Promise::standing && one.promise != Promise::broken) return;
  one.promise = Promise::kept;
  Event& event = say(What::promise_kept, one, mention, now);
  event.due = one.promised_by;
  event.span = one.promised_by - at;
}

void Webcare::private_talk(Case& one, const Post& post, const Reply& reply, Time now) {
  if (reply.answers) one.invited_only = false;
  if (!reply.move_to_private) return;
  if (one.invited_at == Time{}) {
    one.invited_at = post.at;
    (void)say(What::invited, one, post.mention, now);
  }
  if (!reply.only_invites || settings_.policy != Policy::public_first) return;
  one.invited_only = true;
  if ((one.told & kOnlyInvited) == 0) (void)say(What::only_invited, one, post.mention, now);
  one.told |= kOnlyInvited;
}

// The same reply in many threads reads like a machine.
void Webcare::same_words(const Case& one, const Post& post, const Reply& reply, Time now) {
  if (reply.print == 0) return;
  std::vector<std::uint64_t> threads{one.thread};
  bool warned = false;
  for (Given& given : replies_.at) {
    if (given.at == Time{} || given.brand != one.brand || post.at - given.at > kSameWithin ||
        !near_duplicate(given.print, reply.print))
      continue;
    warned = warned || given.warned;
    if (std::ranges::find(threads, given.thread) == threads.end()) threads.push_back(given.thread);
  }
  const bool warn = static_cast<int>(threads.size()) >= kSame && !warned;
  (void)replies_.push({post.at, one.thread, reply.print, one.brand, warn || warned});
  if (warn)
    say(What::same_reply, one, post.mention, now).count = static_cast<std::int32_t>(threads.size());
}

// People saw what stood there first: it still holds. What is new in it counts from now on.
void Webcare::edited(Case& one, const Post& post, const Reply& reply, Time now) {
  (void)say(What::edited, one, post.mention, now);
  if (!reply.read) return;
  if (reply.answers) {
    keep_promise(one, post.mention, now, now);
    return;
  }
  if (reply.promised_by && one.promise != Promise::standing) promise(one, post, reply, now);
  private_talk(one, post, reply, now);
}

}  // namespace brandwacht::desk
