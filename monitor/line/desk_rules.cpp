// The desk's rules in the line: what webcare is told of each post, and what is said for it.
#include <algorithm>
#include <array>
#include <cmath>

#include "monitor/desk/advice.hpp"
#include "monitor/line/contribution_words.hpp"
#include "monitor/line/line.hpp"

namespace brandwacht::line {
namespace {

using desk::Tell;
using desk::What;

void add_log_odds(double& p, double weight) {
  if (p <= 0) return;
  const double odds = std::clamp(p, 1e-9, 1 - 1e-9);
  p = 1 / (1 + (1 - odds) / odds * std::exp(-weight));
}

struct Loudness {
  Tell tell = Tell::board;
  thread::Why why = thread::Why::unanswered;
};

// What is said aloud, and how.
Loudness loudness(const desk::Event& event, const desk::Settings& settings) {
  switch (event.what) {
    case What::slow:
      return {settings.slow, thread::Why::unanswered};
    case What::unanswered:
      return {Tell::notify, thread::Why::unanswered};
    case What::promise_soon:
      return {Tell::notify, thread::Why::promise_soon};
    case What::promise_broken:
      return {settings.promise, thread::Why::promise};
    case What::removal_unexplained:
      return {Tell::notify, thread::Why::removal};
    case What::backfire:
      return {event.count == 1 ? Tell::notify : Tell::board, thread::Why::backfire};
    case What::exposed:
      return {settings.private_data, thread::Why::exposed};
    default:
      return {};
  }
}

std::uint8_t rules_of(const text::Score& score, double at) {
  const auto bit = [at](float p, desk::Rule rule) {
    return static_cast<double>(p) >= at ? static_cast<unsigned>(rule) : 0U;
  };
  return static_cast<std::uint8_t>(bit(score.abuse, desk::kAbuse) |
                                   bit(score.threat, desk::kThreat) | bit(score.hate, desk::kHate) |
                                   bit(score.spam, desk::kSpam));
}

// Criticism, or a threat: one in calm words is still one.
bool for_desk(const thread::Observation& seen, std::uint8_t rules, double negative_at) {
  return seen.negative >= negative_at || (!seen.official && (rules & desk::kThreat) != 0);
}

std::uint8_t signs_of(const desk::Case* one, const thread::Belief* belief, double theta_threat,
                      thread::Why why) {
  unsigned out = 0;
  const auto when = [&out](bool on, desk::Sign sign) {
    out |= on ? static_cast<unsigned>(sign) : 0U;
  };
  if (one != nullptr) {
    when((one->rules & desk::kThreat) != 0, desk::kSignThreat);
    when((one->rules & desk::kHate) != 0, desk::kSignHate);
    when((one->rules & desk::kAbuse) != 0, desk::kSignAbuse);
    when((one->rules & desk::kSpam) != 0, desk::kSignSpam);
    when(one->exposed, desk::kSignPrivate);
  }
  when(why == thread::Why::threat, desk::kSignThreat);
  when(why == thread::Why::private_data || why == thread::Why::exposed, desk::kSignPrivate);
  if (belief != nullptr) {
    when(belief->threat >= theta_threat, desk::kSignThreat);
    when(belief->copies >= 3 && 2 * belief->copies >= belief->joiners, desk::kSignCopies);
  }
  return static_cast<std::uint8_t>(out);
}

}  // namespace

void weigh(thread::Belief& belief, double weight) {
  if (weight <= 0) return;
  for (double* p : {&belief.risk, &belief.risk_10, &belief.risk_100})
    add_log_odds(*p, weight);
}

std::optional<thread::Belief> Line::believe(std::uint64_t thread, Time now) const {
  auto belief = table_.belief(thread, now);
  if (belief) weigh(*belief, webcare_.weight(thread, now));
  return belief;
}

void Line::tell_webcare(const Judged& judged, const thread::Observed& observed, Time now) {
  const thread::Observation& seen = judged.seen;
  const std::uint8_t rules = rules_of(judged.score, settings_.webcare.house_rule);
  const bool negative = for_desk(seen, rules, settings_.threads.negative_at);
  const desk::Case* const one = webcare_.find(observed.thread);
  if (!seen.official && !negative && one == nullptr) return;  // most of what is about a brand
  desk::Post post;
  post.thread = observed.thread;
  post.mention = seen.mention;
  post.author = seen.author;
  post.brand = observed.brand;
  post.at = event_time(seen, now);
  post.platform = judged.platform;
  post.text = judged.text;
  post.lang = judged.lang;
  post.author_name = judged.author_name.empty() ? judged.author : judged.author_name;
  post.concrete = judged.score.concrete;
  post.worst = std::max(judged.score.anger, judged.score.negative);
  post.rules = rules;
  post.negative = negative;
  post.positive = text::polarity_of(judged.score) == text::Polarity::positive;
  post.official = seen.official;
  post.addressed = seen.voice.addressed;
  post.root = seen.mention == seen.thread && observed.thread == seen.thread;
  post.edit = judged.kind == MentionKind::edit;
  if (one == nullptr)
    post.root_known = post.root || table_.member(observed.thread, 0, 0).has_value();
  else if (one->vague)
    if (const auto belief = table_.belief(observed.thread, now)) post.joiners = belief->joiners;
  if (judged.erased && seen.official)
    webcare_.reply(post, {}, now);  // it was there; its words are gone
  else
    webcare_.see(post, now);
}

// Only whose post it was; its clocks and promises come back with its case.
void Line::tell_webcare_again(const Learnt& learnt, const thread::Observation& seen) {
  const std::uint8_t rules =
      seen.official ? std::uint8_t{0}
                    : rules_of(text::score(learnt.post.text), settings_.webcare.house_rule);
  if (!seen.official && !for_desk(seen, rules, settings_.threads.negative_at)) return;
  webcare_.recall(seen.mention, seen.author, rules, seen.official);
}

void Line::follow_webcare(Time now) {
  if (webcare_.quiet()) return;
  for (const desk::Event& event : webcare_.take()) {
    if (hooks_.desk) hooks_.desk(event);
    const Loudness loud = loudness(event, webcare_.settings());
    if (loud.tell == Tell::board || event.thread == 0) continue;
    insist(event, loud.tell == Tell::page ? Tier::t2 : Tier::t3, loud.why, now);
  }
}

void Line::insist(const desk::Event& event, Tier tier, thread::Why why, Time now) {
  table_.revive(event.thread, event.brand, now);
  const auto belief = believe(event.thread, now);
  thread::DecisionState* state = table_.decision(event.thread);
  if (!belief || state == nullptr) return;
  const thread::DecisionState before = *state;
  const thread::Decision decision = thread::insist(*belief, *state, tier, why, now);
  const auto said =
      desk_.judge({event.thread, event.brand, *belief, before, *state, decision}, now);
  if (said) say(*said, now);
}

bool Line::act(const desk::Action& action, std::string_view brand, Time now) {
  now_ = std::max(now_, now);
  auto number = table_.owner(action.thread);
  const auto named = std::ranges::find(settings_.brands, brand, &text::BrandTerms::name);
  if (!number && named != settings_.brands.end())
    number = static_cast<std::uint32_t>(named - settings_.brands.begin());
  if (const desk::Case* one = webcare_.find(action.thread); !number && one != nullptr)
    number = one->brand;
  if (!number) return false;
  webcare_.act(action, *number, now_);
  follow_webcare(now_);
  return true;
}

Advice Line::advice(const Said& said, const Incident& incident, const thread::Belief* belief,
                    Time now) const {
  constexpr std::size_t kElsewhere = 2;
  desk::Situation of;
  of.dutch = dutch(settings_.language);
  of.tier = incident.tier;
  of.state = incident.state;
  of.now = now;
  const desk::Case* const one = webcare_.find(said.incident);
  if (one != nullptr) {
    of.one = *one;
    of.age = webcare_.age(*one, now);
  }
  of.promise_broken = said.decision.why == thread::Why::promise;
  of.backfire = said.decision.why == thread::Why::backfire;
  of.unexplained = said.decision.why == thread::Why::removal;
  of.signs = signs_of(one, belief, settings_.decision.theta_threat, said.decision.why);
  // Known of a thread that somebody joined; a clock runs where there was something to look into.
  if (belief != nullptr && belief->joiners > 0)
    of.concrete =
        static_cast<double>(belief->features[static_cast<std::size_t>(thread::Feature::concrete)]);
  if (one != nullptr && one->asked_at != Time{}) of.concrete = 1;
  if (belief != nullptr) of.joiners = belief->joiners;
  of.calm = said.decision.kind == IncidentEventKind::cool ||
            said.decision.kind == IncidentEventKind::close;
  of.precedents = webcare_.precedents(said.brand, std::chrono::hours{24 * 30}, now);
  if (said.decision.kind == IncidentEventKind::upgrade && incident.opened_at < now)
    of.paged_at = incident.opened_at;
  for (const IncidentThread& other : incident.threads) {
    const desk::Case* const there = other.key == said.incident ? nullptr : webcare_.find(other.key);
    if (there == nullptr || there->last_official == Time{} || of.elsewhere.size() >= kElsewhere)
      continue;
    const auto story = stories_.find(other.key);
    of.elsewhere.push_back({story ? story->platform : std::string(), there->last_official});
  }
  std::vector<std::string_view> texts;
  for (const Evidence& post : incident.evidence)
    texts.push_back(post.text);
  of.playbook = playbooks_->fitting(texts, of.signs, incident.tier);
  return desk::advise(webcare_.settings(), of);
}

}  // namespace brandwacht::line
