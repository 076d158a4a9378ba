// The line: match -> text -> thread -> decision, from one mention to at most one incident event.
// One thread, no locks, no waiting, no I/O; the same code live, in a replay and in the demo.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/desk/playbooks.hpp"
#include "monitor/desk/webcare.hpp"
#include "monitor/incident.hpp"
#include "monitor/line/brand_desk.hpp"
#include "monitor/line/desk_words.hpp"
#include "monitor/line/judged.hpp"
#include "monitor/line/stories.hpp"
#include "monitor/line/words.hpp"
#include "monitor/mention.hpp"
#include "monitor/mention_json.hpp"
#include "monitor/text/matcher.hpp"
#include "monitor/text/scorer.hpp"
#include "monitor/thread/decision.hpp"
#include "monitor/thread/table.hpp"

namespace brandwacht::line {

struct Settings {
  std::vector<text::BrandTerms> brands;
  thread::Settings threads;
  thread::DecisionSettings decision;
  thread::BrandLevelSettings brand_level;
  desk::Settings webcare;                            // its calendar is that of `brand_level`
  std::shared_ptr<const desk::Playbooks> playbooks;  // nullptr: those that ship
  DeskLanguage language = DeskLanguage::en;
  std::size_t max_stories = 50'000;     // threads whose posts are kept for pages
  std::size_t story_bytes = 32U << 20;  // of posts kept for pages
};

struct Stats {
  std::uint64_t received = 0;   // mentions, any kind
  std::uint64_t unmatched = 0;  // no brand and no tracked thread: dropped at once
  std::uint64_t matched = 0;    // scored and counted
  std::uint64_t negative = 0;   // of those, at or over Settings::threads.negative_at
  std::uint64_t official = 0;   // of those, by a brand
  std::uint64_t critics = 0;    // distinct negative joiners that joined a thread
  std::uint64_t author_gone = 0;
  std::array<std::uint64_t, 5> events{};  // by IncidentEventKind
};

// What the line has learnt from one mention: enough to learn it again after a restart, and no more.
// Text and names are redacted.
struct Learnt {
  MentionKind kind = MentionKind::create;
  thread::Observation
      observation;  // of a create or edit; of a delete only `thread`, 0: not one of ours
  std::string_view brand;
  std::string_view platform, root_id;
  Evidence post;  // `mention` and `author_key` are set for every kind; the text only where a page
                  // could show it
};

using CriticHook = std::function<void(std::uint64_t thread, const thread::Belief& belief, Time at)>;

// Called from inside process() and tick(); each may be empty.
struct Hooks {
  std::function<void(const IncidentEvent&)> event;
  std::function<void(const Learnt&)> learnt;
  // All that changes a thread, before it is decided: what a recording needs to tell it again. Text
  // and names as they came, not redacted. Not: mentions about no brand, deletes of what was never
  // seen, and posts that were deleted before they came.
  std::function<void(const Judged&)> judged;
  // What happened at the desk: clocks, promises, removals.
  std::function<void(const desk::Event&)> desk;
  // A distinct critic joined: what is believed of the thread with him.
  CriticHook critic;
};

struct HotThread {
  std::uint64_t key = 0;
  std::string brand;
  thread::Belief belief;
  thread::DecisionState decision;
  std::optional<Story> story;
};

// An unanswered complaint makes every risk of its thread this much more likely, in log odds.
void weigh(thread::Belief& belief, double weight);

class Line {
 public:
  Line(Settings settings, Hooks hooks);

  // `now` is the time of arrival and never goes back (a step back of the wall clock is treated as
  // standing still).
  void process(const MentionView& mention, Time now);
  // The same from a recording of Hooks::judged, with the score that was given then. False: its
  // brand is not configured (any more), and nothing was done. Sets seen.brand and seen.received_at.
  bool replay(Judged& judged, Time now);
  // Sends an invented post the way of every other: matched, scored, counted in a thread of its own
  // and decided, which pages at once and calls Hooks::event with an incident that is_probe(). It
  // passes by the desk, whose budget and topics must not know it; no other hook is called, and
  // afterwards the line is as it was. False: the last brand is not probe_brand().
  bool probe(Time now);
  // Lets time act on open threads: holds that are over, threads that cool and close. Cheap when
  // none is open.
  void tick(Time now);

  // After a restart: what was learnt before, in its order, without deciding; then the open
  // incidents; then reconsider(), which decides for what was hot when the daemon died.
  void relearn(const Learnt& learnt, Time now);
  void restore(const Incident& incident, Time now);
  void reconsider(Time now);

  // All that the line knows, for a snapshot: threads, decisions, posts with redacted words,
  // counters and its clock. load() goes into a line of the same settings that has seen nothing;
  // what it says from then on is what it would have said without the interruption, to the byte.
  // Brands are told by their name: what is of one that is gone is left out. load() throws
  // ArchiveError for bytes of another version or of other settings; the line is then of no use.
  // Accounts that add_account() taught are not part of it.
  std::string save() const;
  void load(std::string_view bytes);
  Time now() const { return now_; }  // of the last call

  // One more account of a brand, learnt while running: what it writes is official. False: it was
  // known.
  bool add_account(std::string_view id, std::uint32_t brand) {
    return matcher_.add_account(id, brand);
  }
  // Other thresholds and limits from the next mention on; what was said stays said.
  void retune(const thread::DecisionSettings& decision, const thread::BudgetSettings& budget) {
    settings_.decision = decision;
    settings_.brand_level.budget = budget;
    desk_.retune(decision, budget);
  }
  // Somebody was told; the same tier does not page again. `incident`: Incident::thread_key.
  void acknowledge(std::uint64_t incident);
  // How much the sources let us see: stands on pages while it is not all.
  // What the desk says of a thread or a page: kept with its case, logged by Hooks::desk. False: its
  // thread is not known, and its brand was not given.
  bool act(const desk::Action& action, std::string_view brand, Time now);
  void set_coverage(Coverage coverage) { coverage_ = std::move(coverage); }
  // What came before `now` was not seen: the daemon or a source was away.
  void gap(Time now) {
    desk_.gap(now);
    webcare_.gap(now);
  }

  std::vector<HotThread> hottest(std::size_t n, Time now);
  std::optional<HotThread> thread(std::uint64_t key, Time now);  // nullopt: not live
  // A tick could change it; not before due().
  bool has_open() const { return table_.has_open() || desk_.busy() || webcare_.busy(); }
  Time due() const { return table_.has_open() || desk_.busy() ? now_ : webcare_.due(); }
  std::size_t threads() const { return table_.size(); }
  std::size_t bytes() const { return table_.bytes() + stories_.bytes(); }
  const Stats& stats() const { return stats_; }
  const thread::Table& table() const { return table_; }
  BrandDesk& desk() { return desk_; }
  const BrandDesk& desk() const { return desk_; }
  desk::Webcare& webcare() { return webcare_; }
  const desk::Webcare& webcare() const { return webcare_; }
  const desk::Playbooks& playbooks() const { return *playbooks_; }
  const Settings& settings() const { return settings_; }

 private:
  void create_or_edit(const MentionView& mention, Time now);
  void judge_post(const thread::Observation& seen, const thread::Observed& observed,
                  std::string_view text, Time now);
  void count(const Judged& judged, Time now);
  void remove_by(const MentionView& mention, Time now);
  void remove(std::uint64_t mention, bool official, std::optional<std::uint32_t> brand, Time now);
  void tell_webcare(const Judged& judged, const thread::Observed& observed, Time now);
  void tell_webcare_again(const Learnt& learnt, const thread::Observation& seen);
  void follow_webcare(Time now);
  void insist(const desk::Event& event, Tier tier, thread::Why why, Time now);
  // Of the table, with what an unanswered complaint adds to the risk.
  std::optional<thread::Belief> believe(std::uint64_t thread, Time now) const;
  void forget_author(std::uint64_t author, Time now);
  void decide(std::uint64_t thread, std::uint32_t brand, Time now, const CriticHook& told = {});
  void say(const Said& said, Time now);
  void say_owed(Time now);
  Incident describe(const Said& said, const thread::Belief& belief,
                    const thread::DecisionState& state, Time now) const;
  Incident describe_surge(const Said& said, const Group& group, Time now) const;
  void add_unanswered(Incident& incident, Time now) const;
  void add_around(const Said& said, Incident& incident) const;
  Advice advice(const Said& said, const Incident& incident, const thread::Belief* belief,
                Time now) const;

  Settings settings_;
  Hooks hooks_;
  text::Matcher matcher_;
  thread::Table table_;
  Stories stories_;
  BrandDesk desk_;
  desk::Webcare webcare_;
  std::shared_ptr<const desk::Playbooks> playbooks_;
  Coverage coverage_;
  Stats stats_;
  bool probing_ = false;  // the post under way is our own
  Time now_{};
  Time looked_at_{};  // the minute in which a tick last asked for every open thread
};

}  // namespace brandwacht::line
