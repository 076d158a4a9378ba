// What customers' posts change.
#include <algorithm>

#include "monitor/desk/webcare.hpp"
#include "monitor/hash.hpp"
#include "monitor/text/fold.hpp"
#include "monitor/text/private_data.hpp"

namespace brandwacht::desk {
namespace {

constexpr float kWorse = 0.05F;  // by so much an author's next post is angrier

constexpr std::string_view rule_name(std::uint8_t rules) {
  return (rules & kThreat) != 0  ? "threat"
         : (rules & kHate) != 0  ? "hate"
         : (rules & kAbuse) != 0 ? "abuse"
                                 : "spam";
}

}  // namespace

void Webcare::see(const Post& post, Time now) {
  if (post.official) {
    reply(post, read_reply(post.text, post.lang, post.at, settings_), now);
    return;
  }
  customer(post, now);
}

void Webcare::customer(const Post& post, Time now) {
  if (post.negative && !post.edit) {
    recent_[post.mention % kRecent] = {post.mention, post.author, post.rules, false};
    object(post, now);
  }
  Case* one = cases_.find(post.thread);
  const bool asks = settings_.asks == Asks::named || post.addressed || (one != nullptr && one->own);
  if (one == nullptr && !(post.negative && asks)) return;
  one = &cases_.touch(post.thread, post.brand);
  one->touched_at = now;
  look_alike(*one, post, now);
  if (post.root && post.rules != 0) {
    one->rules |= post.rules;
    if ((one->told & kRule) == 0)
      say(What::rule, *one, post.mention, now).text = rule_name(post.rules);
    one->told |= kRule;
  }
  if (!post.edit && post.negative && (asks || post.author == one->author))
    complain(*one, post, now);
  if (!post.edit && one->last_official != Time{}) by_complainant(*one, post, now);
  if (!post.edit && post.negative) louder(*one, post, now);
  notice_text(*one, post, now);
  if (one->vague && post.joiners >= settings_.vague_joiners) {
    one->vague = false;
    (void)say(What::promoted, *one, post.mention, now);
    start_clock(*one, post, now);
  }
  settle(*one);
}

// A complaint that awaits an answer, and perhaps the first one.
void Webcare::complain(Case& one, const Post& post, Time now) {
  if (one.open_since == Time{} && post.at > one.last_official) {
    one.open_since = post.at;
    one.told &= ~std::uint32_t{kUnanswered};
    one.unanswered_at =
        settings_.unanswered > Duration{}
            ? open_until(settings_.hours, settings_.calendar, post.at, settings_.unanswered)
            : Time{};
    if (one.unanswered_at == Time::max()) one.unanswered_at = {};
  }
  if (one.asked_at != Time{} || one.vague) return;
  one.author = post.author;
  one.platform = hash_bytes(post.platform);
  const bool vague = settings_.vague == Vague::watch &&
                     static_cast<double>(post.concrete) < settings_.vague_concrete &&
                     post.joiners < settings_.vague_joiners && post.root;
  if (vague) {
    one.vague = true;
    one.unanswered_at = {};
    return;
  }
  start_clock(one, post, now);
}

void Webcare::start_clock(Case& one, const Post& post, Time now) {
  one.asked_at = post.at;
  if (one.open_since == Time{} && post.at > one.last_official) one.open_since = post.at;
  const Duration span = settings_.clock_of(post.platform);
  one.late_at = open_until(settings_.hours, settings_.calendar, post.at, span);
  const auto most = std::chrono::duration_cast<Duration>(span * settings_.warn_at);
  one.slow_at = open_until(settings_.hours, settings_.calendar, post.at, most);
  // Somebody may have answered before we looked, or before this came: nothing is claimed of it.
  one.before = !post.root_known || (now >= one.late_at && now - post.at > span);
  if (one.before || one.late_at == Time::max()) {
    one.slow_at = one.late_at = {};
    one.unanswered_at = {};
  }
  Event& event = say(What::complaint, one, post.mention, now);
  event.due = one.late_at;
  event.count = one.before ? 1 : 0;
  if (one.last_official < one.asked_at) return;
  // The reply overtook the complaint on its way to us.
  one.first_reply = one.last_official;
  say(What::first_reply, one, post.mention, now).span = one.last_official - one.asked_at;
}

// The author of the complaint, after the brand has said something.
void Webcare::by_complainant(Case& one, const Post& post, Time now) {
  if (post.author != one.author || post.at <= one.last_official) return;
  if (one.invited_at != Time{} && one.accepted_at == Time{} && accepts_private(post.text)) {
    one.accepted_at = post.at;
    (void)say(What::accepted, one, post.mention, now);
    return;  // a sign of good will, whatever its tone
  }
  const bool solved = says_solved(post.text);
  const bool open = one.outcome == Outcome::open || one.outcome == Outcome::silent ||
                    one.outcome == Outcome::still_angry;
  if ((post.positive || solved) && !(post.negative && !solved)) {
    one.open_since = {};
    if (solved) keep_promise(one, post.mention, post.at, now);
    if (one.recovered_at == Time{} && one.first_reply != Time{}) {
      one.recovered_at = post.at;
      say(What::recovered, one, post.mention, now).span = post.at - one.first_reply;
    }
    if (one.asked_solved != Time{} && open) {
      one.outcome = Outcome::satisfied;
      (void)say(What::satisfied, one, post.mention, now);
    }
    return;
  }
  if (!post.negative) return;
  one.recovered_at = {};
  if (one.invited_at != Time{}) {
    ++one.still_public;
    if ((one.told & kStillPublic) == 0) (void)say(What::still_public, one, post.mention, now);
    one.told |= kStillPublic;
  }
  if (one.asked_solved != Time{} && open && one.outcome != Outcome::still_angry) {
    one.outcome = Outcome::still_angry;
    (void)say(What::still_angry, one, post.mention, now);
  }
}

// The same author again, and worse. Never one more critic.
void Webcare::louder(Case& one, const Post& post, Time now) {
  const auto known = std::ranges::find(one.voices, post.author, &Voiced::author);
  if (known == one.voices.end()) {
    const auto place = std::ranges::min_element(
        one.voices, {}, [](const Voiced& voice) { return voice.author == 0 ? -1 : voice.worst; });
    if (place->author == 0 || place->worst < post.worst) *place = {post.author, post.worst};
    return;
  }
  if (post.worst <= known->worst + kWorse) return;
  known->worst = post.worst;
  say(What::angrier, one, post.mention, now).count = ++one.angrier;
}

// A removed author is back, or somebody objects.
void Webcare::object(const Post& post, Time now) {
  if (post.brand >= removed_at_.size()) return;
  const Time last = removed_at_[post.brand];
  if (last == Time{} || now - last > settings_.backfire) return;
  const bool objects = objects_to_removal(post.text);
  const Gone* hit = nullptr;
  for (const Gone& gone : gone_.at) {
    if (gone.at == Time{} || gone.brand != post.brand || now - gone.at > settings_.backfire ||
        post.at <= gone.at)
      continue;
    const bool back = gone.author != 0 && gone.author == post.author;
    if (back || objects) hit = hit == nullptr || back || gone.at > hit->at ? &gone : hit;
  }
  if (hit == nullptr) return;
  Case& one = cases_.touch(hit->thread, post.brand);
  ++one.backfires;
  say(What::backfire, one, post.mention, now).count = one.backfires;
  settle(one);
}

void Webcare::notice_text(Case& one, const Post& post, Time now) {
  if (one.exposed) return;
  // How to reach somebody is worth a word; a number of an order leads nobody anywhere.
  using Kind = text::PrivateKind;
  const std::uint32_t kinds = private_kinds(post.text);
  for (const Kind kind : {Kind::bsn, Kind::card, Kind::iban, Kind::customer, Kind::phone,
                          Kind::postcode, Kind::email, Kind::order}) {
    if ((kinds >> static_cast<unsigned>(kind) & 1U) == 0) continue;
    one.exposed = true;
    say(What::exposed, one, post.mention, now).text = text::to_string(kind);
    return;
  }
}

// Somebody answers under the brand's name whom the configuration does not list. Counted like any
// author; the desk is told to list him.
void Webcare::look_alike(const Case& one, const Post& post, Time now) {
  if (post.root || post.negative || post.brand >= names_.size()) return;
  const std::string& name = names_[post.brand];
  const auto found =
      std::search(post.author_name.begin(), post.author_name.end(), name.begin(), name.end(),
                  [](char a, char b) { return text::ascii_lower(a) == b; });
  if (name.empty() || found == post.author_name.end()) return;
  if (std::ranges::find(strangers_.at, post.author) != strangers_.at.end()) return;
  (void)strangers_.push(post.author);
  (void)say(What::unlisted, one, post.mention, now);
}

}  // namespace brandwacht::desk
