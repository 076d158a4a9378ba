// What is decided above single threads: threads of one matter are one incident, a brand's surge is
// one, and there are no more pages than the desk has asked for (escalation-model section 5). The
// line asks it before anything is said of a thread, and says what it owes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "monitor/archive.hpp"
#include "monitor/line/groups.hpp"
#include "monitor/line/stories.hpp"
#include "monitor/text/matcher.hpp"
#include "monitor/thread/brand_watch.hpp"
#include "monitor/thread/budget.hpp"
#include "monitor/thread/table.hpp"
#include "monitor/thread/topics.hpp"

namespace brandwacht::line {

// By number.
std::vector<std::string> names_of(const std::vector<text::BrandTerms>& brands);

// All that it remembers; for the store.
struct DeskState {
  std::vector<thread::BrandState> brands;
  std::string topics;
  thread::BudgetState budget;
  std::vector<Group> groups;
};

// What decide() gave for one thread.
struct Asked {
  std::uint64_t thread = 0;
  std::uint32_t brand = 0;
  const thread::Belief& belief;
  const thread::DecisionState& before;  // decide(), which gave `decision`
  thread::DecisionState& state;         // after it; may be changed
  thread::Decision decision;
};

// To be said of an incident: `reason` is the budget's, where that had a say.
struct Said {
  std::uint64_t incident = 0;
  std::uint32_t brand = 0;
  thread::Decision decision;
  thread::PageReason reason = thread::PageReason::within;
};

class BrandDesk {
 public:
  // The table and the stories outlive it.
  BrandDesk(thread::BrandLevelSettings settings, const thread::DecisionSettings& decision,
            const std::vector<text::BrandTerms>& brands, thread::Table& table,
            const Stories& stories);

  // Any post of the brand; looks at a few of them only, to learn what is ordinary.
  void post(std::uint32_t brand, std::string_view text, Time now);
  void critic(std::uint32_t brand, const thread::SurgeJoiner& joiner, Time now);
  void bystander(std::uint32_t brand, Time now);
  // A critic's post in a thread that may page: what its matter is.
  void candidate(std::uint32_t brand, std::uint64_t thread, std::string_view text, Time now);

  // A page or notice of a thread goes out as it is, becomes a notice, waits for the morning, or
  // belongs to another incident (then nothing is said, unless that one rises). At most the thread's
  // own is given back; what other incidents say is owed.
  std::optional<Said> judge(const Asked& asked, Time now);
  void tick(Time now);
  std::vector<Said> take_owed() { return std::exchange(owed_, {}); }

  // Other thresholds and limits from now on; what is open stays as it is.
  void retune(const thread::DecisionSettings& decision, const thread::BudgetSettings& budget) {
    decision_ = decision;
    settings_.budget = budget;
    budget_.retune(budget);
  }

  bool busy() const;  // a tick could change something
  const Group* group(std::uint64_t incident) const { return groups_.find(incident); }
  bool acknowledge(std::uint64_t incident);  // false: not a surge's
  const thread::BrandWatch& watch() const { return watch_; }
  const thread::Budget& budget() const { return budget_; }

  // After a restart without a DeskState: an incident that was open, then what the surges owe.
  void relearn(std::uint32_t brand, const thread::SurgeJoiner& joiner, Time now);
  void restore(const Incident& incident, std::uint32_t brand, Time now);
  void reconsider(Time now);
  // What came before `now` was not seen: the daemon or a source was away.
  void gap(Time now) { watch_.gap(now); }
  DeskState state() const;
  void restore(const DeskState& state);
  void save(ArchiveWriter& out) const;
  void load(ArchiveReader& in, const BrandNumbers& brands);  // throws ArchiveError

 private:
  std::optional<thread::TopicMatch> topic(std::uint32_t brand, std::uint64_t thread, Time now);
  Group* host(const Asked& asked, const std::optional<thread::TopicMatch>& topic);
  bool alive(Group& group);
  thread::DecisionState* state_of(Group& group);
  void attach(Group& group, const Asked& asked, Time now);
  void rise(Group& group, Tier tier, thread::Why why, Time now);
  void opened(const Asked& asked, const std::optional<thread::TopicMatch>& topic, Time now);
  void surge(std::uint32_t brand, thread::SurgeKind kind, Time now);
  Group* same_matter(std::uint32_t brand, const thread::SurgeReport& report);
  void follow(std::uint32_t brand);
  void over(Group& group, Time now);
  void tick(Group& group, Time now);

  thread::BrandLevelSettings settings_;
  thread::DecisionSettings decision_;
  thread::BrandWatch watch_;
  thread::Topics topics_;
  thread::Budget budget_;
  thread::Table& table_;
  const Stories& stories_;
  Groups groups_;
  std::vector<bool> surging_;  // by brand: the table was told so
  std::vector<Said> owed_;
};

}  // namespace brandwacht::line
