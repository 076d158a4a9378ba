#include "monitor/line/brand_desk.hpp"

#include <algorithm>
#include <utility>

#include "monitor/text/redact.hpp"
#include "monitor/text/simhash.hpp"

namespace brandwacht::line {

using thread::Instead;
using thread::PageVerdict;
using thread::Why;
using Kind = IncidentEventKind;

namespace {

constexpr int kSeveral = 3;  // threads of one matter worth a page: T1

// What raise() and instead_of() look at.
thread::Belief belief_of(const Group& group) {
  thread::Belief out;
  out.joiners = group.joiners;
  return out;
}

bool told(const thread::DecisionState& state) {
  return state.notified && thread::is_open(state);
}

// Of the redacted words: a recording has no others, and its replay has to group pages as live did.
Signature signature_of(std::string_view text) {
  return text::signature(text::redact(text));
}

}  // namespace

std::vector<std::string> names_of(const std::vector<text::BrandTerms>& brands) {
  std::vector<std::string> out;
  for (const auto& brand : brands)
    out.push_back(brand.name);
  return out;
}

BrandDesk::BrandDesk(thread::BrandLevelSettings settings, const thread::DecisionSettings& decision,
                     const std::vector<text::BrandTerms>& brands, thread::Table& table,
                     const Stories& stories)
    : settings_(std::move(settings)),
      decision_(decision),
      watch_(settings_, names_of(brands)),
      topics_(settings_.topics),
      budget_(watch_.calendar(), settings_.budget),
      table_(table),
      stories_(stories),
      surging_(brands.size()) {
  for (std::uint32_t i = 0; i < brands.size(); ++i) {
    std::string names = brands[i].name;
    for (const auto& term : brands[i].terms)
      names += ' ' + term;
    topics_.expect(i, text::signature(names), 1);
  }
}

void BrandDesk::post(std::uint32_t brand, std::string_view text, Time now) {
  if (topics_.wants(brand, now)) topics_.learn(brand, signature_of(text), now);
}

void BrandDesk::critic(std::uint32_t brand, const thread::SurgeJoiner& joiner, Time now) {
  if (const auto said = watch_.critic(brand, joiner, now)) surge(brand, said->kind, now);
  follow(brand);
}

void BrandDesk::bystander(std::uint32_t brand, Time now) {
  if (!settings_.campaigns.empty()) watch_.bystander(brand, now);  // nobody else asks
}

void BrandDesk::candidate(std::uint32_t brand, std::uint64_t thread, std::string_view text,
                          Time now) {
  if (topics_.seat(brand, thread, now))
    (void)topics_.assign(brand, thread, signature_of(text), now);
}

// By its root and its strongest critics, when it is first asked for.
std::optional<thread::TopicMatch> BrandDesk::topic(std::uint32_t brand, std::uint64_t thread,
                                                   Time now) {
  if (auto seat = topics_.seat(brand, thread, now)) return seat;
  const auto story = stories_.find(thread);
  if (!story) return std::nullopt;
  std::optional<thread::TopicMatch> out;
  for (const auto& post : story->evidence)
    if (!post.text.empty()) out = topics_.assign(brand, thread, text::signature(post.text), now);
  return out;
}

thread::DecisionState* BrandDesk::state_of(Group& group) {
  return group.own ? &group.state : table_.decision(group.incident);
}

// One whose thread is gone from memory takes nobody in.
bool BrandDesk::alive(Group& group) {
  const auto* state = state_of(group);
  return state != nullptr && thread::is_open(*state);
}

// The incident that a thread belongs to instead of its own.
Group* BrandDesk::host(const Asked& asked, const std::optional<thread::TopicMatch>& topic) {
  if (thread::is_rule(asked.decision.why)) return nullptr;  // a matter of its own
  if (groups_.find(asked.thread) != nullptr && told(asked.before)) return nullptr;
  if (Group* group = groups_.surging(asked.brand); group != nullptr && alive(*group)) return group;
  if (!topic || topic->incident == 0 || topic->incident == asked.thread) return nullptr;
  Group* group = groups_.find(topic->incident);
  return group != nullptr && alive(*group) ? group : nullptr;
}

void BrandDesk::attach(Group& group, const Asked& asked, Time now) {
  const bool worth = asked.decision.kind != Kind::notify;
  const int before = group.worth_a_page();
  (void)group.add(asked.thread, worth);
  group.warm_at = now;
  thread::keep_warm(*state_of(group));
  if (group.worth_a_page() > before)
    if (const auto seat = topics_.seat(asked.brand, asked.thread, now))
      topics_.note_page(asked.brand, seat->id, group.incident);
  if (asked.decision.tier == Tier::t1)
    rise(group, Tier::t1, asked.decision.why, now);
  else if (group.worth_a_page() >= kSeveral)
    rise(group, Tier::t1, Why::several, now);
}

// The incident pages for `tier`, if it has not and may.
void BrandDesk::rise(Group& group, Tier tier, Why why, Time now) {
  thread::DecisionState& state = *state_of(group);
  thread::Belief belief = belief_of(group);
  if (!group.own)
    if (const auto known = table_.belief(group.incident, now)) belief = *known;
  const thread::DecisionState before = state;
  const auto decision = thread::raise(belief, state, tier, why, now);
  if (!decision) return;
  const bool again = decision->kind == Kind::upgrade;
  const auto verdict = budget_.ask({decision->tier, false, again, 0, 1}, now);
  if (verdict.what == PageVerdict::What::page) {
    owed_.push_back({group.incident, group.brand, *decision, verdict.reason});
    return;
  }
  const auto what = verdict.what == PageVerdict::What::defer ? Instead::morning : Instead::notice;
  if (const auto said =
          thread::instead_of(*decision, what, belief, before, state, verdict.until, now))
    owed_.push_back({group.incident, group.brand, *said, verdict.reason});
}

// A thread is an incident now, that others of its matter belong to.
void BrandDesk::opened(const Asked& asked, const std::optional<thread::TopicMatch>& topic,
                       Time now) {
  if (groups_.find(asked.thread) != nullptr) return;
  (void)groups_.open(asked.thread, asked.brand).add(asked.thread, true);
  if (topic) topics_.note_page(asked.brand, topic->id, asked.thread);
  watch_.told(asked.brand, asked.thread, now);
}

std::optional<Said> BrandDesk::judge(const Asked& asked, Time now) {
  const thread::Decision& decision = asked.decision;
  Said said{asked.thread, asked.brand, decision, thread::PageReason::within};
  if (decision.kind == Kind::cool) {
    watch_.over(asked.brand, asked.thread, now);
    return said;
  }
  if (decision.kind == Kind::close) {
    topics_.note_close(asked.thread);
    groups_.close(asked.thread);
    return said;
  }
  std::optional<thread::TopicMatch> matter;
  if (decision.kind != Kind::upgrade) {
    matter = topic(asked.brand, asked.thread, now);
    if (Group* group = host(asked, matter)) {
      (void)thread::instead_of(decision, Instead::incident, asked.belief, asked.before, asked.state,
                               {}, now);
      attach(*group, asked, now);
      return std::nullopt;
    }
  }
  if (decision.kind == Kind::notify) return said;
  const auto verdict =
      budget_.ask({decision.tier, thread::is_rule(decision.why), decision.kind == Kind::upgrade,
                   asked.belief.root_author, asked.belief.risk_100},
                  now);
  said.reason = verdict.reason;
  if (verdict.what == PageVerdict::What::page) {
    opened(asked, matter, now);
    return said;
  }
  const bool waits = verdict.what == PageVerdict::What::defer;
  const auto instead =
      thread::instead_of(decision, waits ? Instead::morning : Instead::notice, asked.belief,
                         asked.before, asked.state, verdict.until, now);
  if (!instead) return std::nullopt;
  opened(asked, matter, now);
  said.decision = *instead;
  return said;
}

bool BrandDesk::busy() const {
  return std::ranges::any_of(groups_.all(), [](const Group& group) { return group.own; }) ||
         std::ranges::find(surging_, true) != surging_.end();
}

bool BrandDesk::acknowledge(std::uint64_t incident) {
  Group* group = groups_.find(incident);
  if (group == nullptr || !group->own) return false;
  if (group->state.state == IncidentState::paged) group->state.state = IncidentState::acknowledged;
  return true;
}

DeskState BrandDesk::state() const {
  DeskState out;
  for (std::uint32_t i = 0; i < watch_.size(); ++i)
    out.brands.push_back(watch_.state(i));
  out.topics = topics_.save();
  out.budget = budget_.state();
  out.groups = groups_.all();
  return out;
}

void BrandDesk::restore(const DeskState& state) {
  for (std::uint32_t i = 0; i < std::min(state.brands.size(), watch_.size()); ++i) {
    watch_.restore(i, state.brands[i]);
    follow(i);
  }
  (void)topics_.restore(state.topics);
  budget_.restore(state.budget);
  groups_.restore(state.groups);
}

}  // namespace brandwacht::line
