// How the threads of a stream come about.
#include <algorithm>

#include "bench/stream/stream.hpp"

namespace brandwacht::bench {
namespace {

constexpr std::uint32_t kRegulars = 4000;
constexpr double kLongest = 240;  // operational hours that a thread is followed

}  // namespace

// Few write often: the regulars are not drawn alike.
std::uint64_t Stream::author() {
  if (!random_.chance(settings_.regulars)) return mix(++people_ * 2 + salt_) | 1;
  const double u = random_.uniform();
  const auto who = static_cast<std::uint64_t>(u * u * u * kRegulars);
  return mix(who * 2 + 1 + salt_) & ~std::uint64_t{1};
}

double Stream::delay() {
  const double u = random_.uniform();
  std::size_t mode = 0;
  while (mode < 3 && u > modes_[mode])
    ++mode;
  return mean_[mode] * random_.exponential();
}

double Stream::ratio_at(const Plan& plan, double tau) const {
  return plan.decay > 0 ? plan.ratio * natural_exp((plan.begin - tau) / plan.decay) : plan.ratio;
}

void Stream::begin_thread(double tau) {
  const double kind = random_.uniform();
  if (kind < settings_.quarrels) return quarrel(tau);
  Plan plan;
  plan.begin = tau;
  plan.mark = random_.pareto(settings_.root_tail, settings_.root_most);
  const double limit = settings_.quarrels + settings_.hot;
  if (kind < limit + settings_.praise) {
    plan.cause = kind < limit ? Cause::hot : Cause::praise;
    plan.ratio = random_.between(settings_.hot_ratio[0], settings_.hot_ratio[1]);
    plan.decay = settings_.hot_decay;
    plan.mark = std::min(plan.mark * settings_.hot_root, settings_.root_most / 10);
    plan.critical = plan.cause == Cause::hot ? random_.between(0.75, 1) : 0.03;
  } else {
    plan.ratio = random_.between(settings_.ratio[0], settings_.ratio[1]);
    // A third of the threads are complaints.
    plan.critical = random_.chance(0.35) ? random_.between(0.5, 0.9) : random_.between(0.02, 0.25);
  }
  grow(plan);
}

void Stream::begin_outage(double tau) {
  const std::uint32_t threads = random_.poisson(settings_.outage_threads);
  for (std::uint32_t i = 0; i < threads; ++i) {
    Plan plan;
    plan.cause = Cause::outage;
    plan.begin = tau + 1.5 * random_.exponential();
    plan.ratio = random_.between(0.3, 0.5);
    plan.mark = random_.pareto(settings_.root_tail, 10);
    plan.critical = random_.between(0.7, 0.95);
    grow(plan);
  }
}

void Stream::begin_campaign(double tau) {
  const std::uint32_t threads = random_.poisson(settings_.campaign_threads);
  for (std::uint32_t i = 0; i < threads; ++i) {
    Plan plan;
    plan.cause = Cause::campaign;
    plan.begin = tau + random_.between(0, 24);
    plan.ratio = random_.between(0.2, 0.4);
    plan.mark = 2 * random_.pareto(settings_.root_tail, settings_.root_most / 2);
    plan.critical = random_.between(0.03, 0.15);
    grow(plan);
  }
}

Stream::Node Stream::root(const Plan& plan) {
  Event event;
  event.id = event.thread = event.origin = new_id();
  event.author = author();
  event.cause = plan.cause;
  event.critical = random_.chance(plan.critical);
  event.created_at = Week::kBegin + Duration{week_.time(plan.begin)};
  post(event);
  const Node node{plan.begin, plan.mark, event.id, event.id, event.author};
  if (event.critical && random_.chance(settings_.answers)) answer(node, plan.cause);
  return node;
}

Event Stream::reply(const Node& to, std::uint64_t origin, double tau, bool critical) const {
  Event event;
  event.thread = to.thread;
  event.parent = to.id;
  event.origin = origin;
  event.created_at = Week::kBegin + Duration{week_.time(tau)};
  event.critical = critical;
  return event;
}

void Stream::answer(const Node& to, Cause cause) {
  Event event = reply(to, to.thread, to.tau + random_.exponential(), false);
  event.id = new_id();
  event.author = kOfficial;
  event.official = true;
  event.cause = cause;
  post(event);
}

// A branching process: each post excites answers to it, in time order or not.
void Stream::grow(const Plan& plan) {
  nodes_.clear();
  nodes_.push_back(root(plan));
  const std::uint64_t origin = nodes_[0].id;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node parent = nodes_[i];
    const double ratio = ratio_at(plan, parent.tau);
    const std::uint32_t children = random_.poisson(ratio * parent.mark);
    for (std::uint32_t child = 0; child < children; ++child) {
      const double tau = parent.tau + delay();
      // The ratio fell on until then.
      if (plan.decay > 0 && !random_.chance(natural_exp((parent.tau - tau) / plan.decay))) continue;
      if (tau - plan.begin > kLongest) continue;
      if (nodes_.size() >= static_cast<std::size_t>(settings_.most_events)) return;
      Event event = reply(parent, origin, tau, random_.chance(plan.critical));
      event.id = new_id();
      event.cause = plan.cause;
      event.author = random_.chance(settings_.repeats)
                         ? nodes_[random_.below(static_cast<std::uint32_t>(nodes_.size()))].author
                         : author();
      if (random_.chance(settings_.quotes)) {
        event.quoted = parent.id;
        event.parent = 0;
        event.thread = event.id;
      }
      nodes_.push_back({tau, 1, event.id, event.thread, event.author});
      post(event);
    }
  }
}

void Stream::quarrel(double tau) {
  Plan plan;
  plan.cause = Cause::quarrel;
  plan.begin = tau;
  const Node first = root(plan);
  const std::uint64_t people[3]{author(), random_.chance(0.5) ? first.author : author(), author()};
  const std::uint32_t crowd = random_.chance(0.3) ? 3 : 2;
  const std::uint32_t posts = 1 + random_.poisson(1.5 * random_.exponential());
  Node last = first;
  for (std::uint32_t i = 0; i < posts; ++i) {
    last.tau += 0.08 * random_.exponential();
    Event event = reply(last, first.id, last.tau, random_.chance(0.7));
    event.id = last.id = new_id();
    event.cause = plan.cause;
    event.author = people[i % crowd];
    post(event);
  }
}

// Under a thread of their own, or it would have to be looked for.
void Stream::raid(double tau) {
  Plan plan;
  plan.cause = Cause::raid;
  plan.begin = tau;
  plan.critical = 1;
  const Node first = root(plan);
  const std::uint64_t print = random_.next() | 1;
  const std::uint32_t bots = random_.poisson(settings_.raid_bots);
  for (std::uint32_t i = 0; i < bots; ++i) {
    Event event = reply(first, first.id, tau + 0.3 * random_.exponential(), true);
    event.id = new_id();
    event.cause = plan.cause;
    event.author = mix(++people_ * 2 + salt_) | 1;
    event.bot = true;
    event.print = print;
    post(event);
  }
}

}  // namespace brandwacht::bench
