#include "monitor/line/line.hpp"

#include <algorithm>

#include "monitor/line/contribution_words.hpp"
#include "monitor/line/probe.hpp"
#include "monitor/text/redact.hpp"

namespace brandwacht::line {
namespace {

// The scorer's errors are those of [threads], whoever corrects for them.
thread::BrandLevelSettings brand_level(const Settings& settings) {
  thread::BrandLevelSettings out = settings.brand_level;
  out.surge.sensitivity = settings.threads.sensitivity;
  out.surge.specificity = settings.threads.specificity;
  return out;
}

desk::Settings webcare_settings(const Settings& settings) {
  desk::Settings out = settings.webcare;
  out.calendar = settings.brand_level.calendar;
  return out;
}

}  // namespace

Line::Line(Settings settings, Hooks hooks)
    : settings_(std::move(settings)),
      hooks_(std::move(hooks)),
      matcher_(settings_.brands),
      table_(settings_.threads),
      stories_(settings_.max_stories, settings_.story_bytes),
      desk_(brand_level(settings_), settings_.decision, settings_.brands, table_, stories_),
      webcare_(webcare_settings(settings_), names_of(settings_.brands)),
      playbooks_(settings_.playbooks ? settings_.playbooks
                                     : desk::Playbooks::shipped(dutch(settings_.language))) {
  (void)text::score({});  // builds the scorer's tables now, not at the first mention
}

void Line::process(const MentionView& mention, Time now) {
  now_ = std::max(now_, now);
  ++stats_.received;
  switch (mention.kind) {
    case MentionKind::create:
    case MentionKind::edit:
      create_or_edit(mention, now_);
      break;
    case MentionKind::remove:
      remove_by(mention, now_);
      break;
    case MentionKind::author_gone:
      forget_author(mention.author_key(), now_);
      break;
  }
}

void Line::create_or_edit(const MentionView& mention, Time now) {
  // platform_key() with the platform's part taken once.
  const std::uint64_t platform = hash_bytes(mention.platform);
  const auto key_of = [platform](std::string_view id) {
    return id.empty() ? 0 : hash_bytes(id, platform);
  };
  const std::uint64_t thread = key_of(mention.thread), quoted = key_of(mention.quoted);
  const std::uint64_t parent = mention.parent == mention.thread ? thread : key_of(mention.parent);
  const auto account = matcher_.brand_of_account(mention.author, mention.author_name);
  auto brand = table_.member(thread, parent, quoted);
  if (!brand) brand = account;
  if (!brand) brand = matcher_.match(mention);
  // Somebody may find out what our own post says.
  if (brand && !probing_ && settings_.brands[*brand].name == kProbeBrand) brand.reset();
  if (!brand) {
    ++stats_.unmatched;
    return;
  }
  Judged judged;
  thread::Observation& seen = judged.seen;
  seen.thread = thread;
  seen.parent = parent;
  seen.quoted = quoted;
  judged.kind = mention.kind;
  judged.platform = mention.platform;
  judged.id = mention.id;
  judged.thread = mention.thread;
  judged.parent = mention.parent;
  judged.quoted = mention.quoted;
  judged.author = mention.author;
  judged.author_name = mention.author_name;
  if (!mention.langs.empty()) judged.lang = mention.langs.front();
  judged.text = mention.text;
  judged.url = mention.url;
  judged.brand = settings_.brands[*brand].name;
  judged.score = to_decimals(text::score(mention.text, judged.lang));
  seen.mention = mention.id == mention.thread ? thread : key_of(mention.id);
  seen.author = key_of(mention.author);
  seen.brand = *brand;
  seen.created_at = mention.created_at;
  seen.received_at = now;
  seen.negative = judged.score.negative;
  seen.official = mention.official || account.has_value();
  seen.edit = mention.kind == MentionKind::edit;
  seen.voice = voice_of(judged.score);
  seen.voice.addressed = !mention.accounts.empty();
  add_text(judged, settings_.threads.negative_at);
  count(judged, now);
}

bool Line::replay(Judged& judged, Time now) {
  now_ = std::max(now_, now);
  switch (judged.kind) {
    case MentionKind::create:
    case MentionKind::edit: {
      const auto brand = std::ranges::find(settings_.brands, judged.brand, &text::BrandTerms::name);
      if (brand == settings_.brands.end()) return false;
      judged.seen.brand = static_cast<std::uint32_t>(brand - settings_.brands.begin());
      judged.seen.received_at = now_;
      ++stats_.received;
      count(judged, now_);
      return true;
    }
    case MentionKind::remove:
      ++stats_.received;
      remove(judged.seen.mention, judged.seen.official, std::nullopt, now_);
      return true;
    case MentionKind::author_gone:
      ++stats_.received;
      forget_author(judged.seen.author, now_);
      return true;
  }
  return false;
}

void Line::count(const Judged& judged, Time now) {
  const thread::Observation& seen = judged.seen;
  const thread::Observed observed = table_.observe(seen);
  if (observed.seen == thread::Seen::tombstoned) return;
  if (probing_) {
    judge_post(seen, observed, judged.text, now);
    return;
  }
  if (hooks_.judged) hooks_.judged(judged);
  if (observed.seen == thread::Seen::duplicate) {
    // A create that its own edit overtook can still bring the critic.
    judge_post(seen, observed, judged.text, now);
    return;
  }

  ++stats_.matched;
  const bool official = seen.official;
  if (official) {
    ++stats_.official;
  } else if (seen.negative >= settings_.threads.negative_at) {
    ++stats_.negative;
  }
  Post post;
  post.mention = seen.mention;
  post.author_key = seen.author;
  post.at = event_time(seen, now);
  post.negative = seen.negative;
  // A quote is the root of its own thread, but not of the quoted one that it counts in.
  const bool at_home = observed.thread == seen.thread;
  post.root = at_home && seen.thread == seen.mention;
  post.platform = judged.platform;
  if (at_home) post.root_id = judged.thread;
  post.author = judged.author_name.empty() ? judged.author : judged.author_name;
  post.text = judged.text;
  post.url = judged.url;
  if (!judged.erased || official) stories_.tell(observed.thread, post, official);
  if (hooks_.learnt) {
    Learnt learnt;
    learnt.kind = judged.kind;
    learnt.observation = seen;
    learnt.brand = settings_.brands[observed.brand].name;
    learnt.platform = judged.platform;
    learnt.root_id = post.root_id;
    learnt.post = {.mention = seen.mention,
                   .author_key = seen.author,
                   .author = {},
                   .text = {},
                   .url = {},
                   .at = post.at,
                   .negative = static_cast<double>(seen.negative),
                   .root = post.root};
    // Only what a page could show is worth keeping: roots and critics.
    // And what the brand said, for its promises.
    if (post.root || official || (!official && seen.negative >= settings_.threads.negative_at)) {
      learnt.post.author = text::redact(post.author, Stories::kNameLength);
      learnt.post.text = text::redact(judged.text, Stories::kTextLength);
      learnt.post.url = judged.url;
    }
    hooks_.learnt(learnt);
  }
  if (!judged.erased) desk_.post(observed.brand, judged.text, now);
  tell_webcare(judged, observed, now);
  judge_post(seen, observed, judged.text, now);
  follow_webcare(now);
}

// What is counted and told; now what follows from it, for the brand first, then for the thread.
void Line::judge_post(const thread::Observation& seen, const thread::Observed& observed,
                      std::string_view text, Time now) {
  const bool negative = seen.negative >= settings_.threads.negative_at;
  if (observed.new_critic) {
    ++stats_.critics;
    desk_.critic(observed.brand, {observed.thread, seen.author, event_time(seen, now), 1}, now);
  } else if (!negative && !seen.official && observed.seen == thread::Seen::fresh) {
    desk_.bystander(observed.brand, now);
  }
  if (negative && !seen.official && !text.empty())
    desk_.candidate(observed.brand, observed.thread, text, now);
  const bool alarm = seen.voice.private_data || observed.loud ||
                     static_cast<double>(seen.voice.threat) >= settings_.decision.theta_threat;
  if (observed.new_critic)
    decide(observed.thread, observed.brand, now, hooks_.critic);
  else if (alarm)
    decide(observed.thread, observed.brand, now);
  if (!probing_) say_owed(now);
}

void Line::remove_by(const MentionView& mention, Time now) {
  const auto account = matcher_.brand_of_account(mention.author, mention.author_name);
  remove(mention.key(), mention.official || account.has_value(), account, now);
}

void Line::remove(std::uint64_t key, bool official, std::optional<std::uint32_t> brand, Time now) {
  const auto thread = table_.remove(key, now);
  if (thread && !brand) brand = table_.owner(*thread);
  if (official && brand) webcare_.removed({thread.value_or(0), key, *brand, true}, now);
  if (thread) {
    stories_.forget_mention(*thread, key);
    // A delete of what we never saw is of strangers, and is not recorded.
    if (hooks_.judged) {
      Judged judged;
      judged.kind = MentionKind::remove;
      judged.seen.mention = key;
      judged.seen.thread = *thread;
      judged.seen.official = official;
      judged.seen.created_at = judged.seen.received_at = now;
      hooks_.judged(judged);
    }
  }
  follow_webcare(now);
  if (!hooks_.learnt) return;
  Learnt learnt;
  learnt.kind = MentionKind::remove;
  learnt.post.mention = key;
  learnt.post.at = now;
  learnt.observation.thread = thread.value_or(0);
  hooks_.learnt(learnt);
}

void Line::forget_author(std::uint64_t author, Time now) {
  ++stats_.author_gone;
  stories_.forget_author(author);
  if (hooks_.judged) {
    Judged judged;
    judged.kind = MentionKind::author_gone;
    judged.seen.author = author;
    judged.seen.created_at = judged.seen.received_at = now;
    hooks_.judged(judged);
  }
  if (!hooks_.learnt) return;
  Learnt learnt;
  learnt.kind = MentionKind::author_gone;
  learnt.post.author_key = author;
  hooks_.learnt(learnt);
}

void Line::decide(std::uint64_t thread, std::uint32_t brand, Time now, const CriticHook& told) {
  auto belief = table_.belief(thread, now);
  thread::DecisionState* state = table_.decision(thread);
  if (!belief || state == nullptr) return;
  if (told) told(thread, *belief, now);
  weigh(*belief, webcare_.weight(thread, now));
  const thread::DecisionState before = *state;
  const auto decision = thread::decide(*belief, *state, settings_.decision, now);
  if (!decision) return;
  if (probing_) {
    say({thread, brand, *decision}, now);
    return;
  }
  const auto said = desk_.judge({thread, brand, *belief, before, *state, *decision}, now);
  if (said) say(*said, now);
}

void Line::say_owed(Time now) {
  for (const Said& said : desk_.take_owed())
    say(said, now);
}

void Line::say(const Said& said, Time now) {
  ++stats_.events[static_cast<std::size_t>(said.decision.kind)];
  if (!hooks_.event) return;  // nobody listens: no words
  const Group* group = desk_.group(said.incident);
  if (group != nullptr && group->own) {
    hooks_.event({said.decision.kind, now, describe_surge(said, *group, now)});
    return;
  }
  const auto belief = believe(said.incident, now);
  const auto* state = table_.decision(said.incident);
  if (belief && state != nullptr)
    hooks_.event({said.decision.kind, now, describe(said, *belief, *state, now)});
}

void Line::tick(Time now) {
  now_ = std::max(now_, now);
  // Between two critics a risk only fades, which can wait for the minute; the end of a hold cannot.
  const auto minute = std::chrono::floor<std::chrono::minutes>(now_);
  using Open = thread::Table::Open;
  const Open which = minute != looked_at_ ? Open::all : Open::holding;
  looked_at_ = minute;
  for (const std::uint64_t thread : table_.open(which))
    if (const auto brand = table_.owner(thread)) decide(thread, *brand, now_);
  desk_.tick(now_);
  say_owed(now_);
  webcare_.tick(now_);
  follow_webcare(now_);
}

void Line::acknowledge(std::uint64_t incident) {
  if (desk_.acknowledge(incident)) return;
  if (auto* state = table_.decision(incident);
      state != nullptr && state->state == IncidentState::paged)
    state->state = IncidentState::acknowledged;
}

std::vector<HotThread> Line::hottest(std::size_t n, Time now) {
  std::vector<HotThread> out;
  for (const auto& [key, belief] : table_.hottest(n, std::max(now_, now)))
    if (auto hot = thread(key, now)) out.push_back(std::move(*hot));
  return out;
}

std::optional<HotThread> Line::thread(std::uint64_t key, Time now) {
  const auto belief = believe(key, std::max(now_, now));
  const auto brand = table_.owner(key);
  const auto* state = table_.decision(key);
  if (!belief || !brand || state == nullptr) return std::nullopt;
  return HotThread{key, settings_.brands[*brand].name, *belief, *state, stories_.find(key)};
}

}  // namespace brandwacht::line
