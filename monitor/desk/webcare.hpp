// The rules of the desk over all threads: response clocks, promises, private talks, removals, what
// became of it (shared rules 1 to 7, 10 to 18, 24, 29). Fed by the line with each post that is
// about a brand and by the clock; gives back events. Owned and used by one line; not thread-safe.
//
// An official post in a thread answers every complaint there that was written before it. A thread
// that began before we watched, or whose complaint came so late that its clock had run out already,
// has no clock: nothing is claimed of it. Bounded: Settings::max_cases threads, and small rings.
#pragma once
#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "monitor/desk/action.hpp"
#include "monitor/desk/cases.hpp"
#include "monitor/desk/event.hpp"
#include "monitor/desk/reply.hpp"
#include "monitor/desk/settings.hpp"

namespace brandwacht::desk {

// A post about a brand, with what is known of it. Strings live as long as the call.
struct Post {
  std::uint64_t thread = 0, mention = 0, author = 0;
  std::uint32_t brand = 0;
  Time at{};  // event time, no later than arrival
  std::string_view platform, text, lang, author_name;
  float anger = 0, concrete = 0;
  float worst = 0;         // how bad it is, to compare posts of one author: P(negative) and anger
  std::uint8_t rules = 0;  // bits of Rule that it may break
  bool negative = false;   // a critic's, or a threat
  bool positive = false, official = false, addressed = false;
  bool root = false, edit = false;
  bool root_known = true;  // the thread's root was seen
  int joiners = 0;         // critics of the thread, with this one
};

struct Removal {
  std::uint64_t thread = 0;  // 0: of a post that was never seen
  std::uint64_t mention = 0;
  std::uint32_t brand = 0;
  bool official = false;  // the brand did it, not the author
};

class Webcare {
 public:
  // `brands`: their names, by number.
  Webcare(Settings settings, const std::vector<std::string>& brands);

  void see(const Post& post, Time now);
  // The same for an official post whose words were read already.
  void reply(const Post& post, const Reply& reply, Time now);
  void removed(const Removal& removal, Time now);
  void act(const Action& action, std::uint32_t brand, Time now);
  void tick(Time now);
  bool busy() const noexcept { return cases_.waiting(); }  // a tick could change something
  Time due() const noexcept { return cases_.next(); }      // not before; Time::max(): never

  // What happened since the last call, in order.
  std::vector<Event> take() { return std::exchange(events_, {}); }
  // How often each happened since this object was made.
  std::uint64_t count(What what) const { return counts_[static_cast<std::size_t>(what)]; }
  bool quiet() const noexcept { return events_.empty(); }

  const Case* find(std::uint64_t thread) const { return cases_.find(thread); }
  // Log odds for the risk of a thread; 0 where nobody waits.
  double weight(std::uint64_t thread, Time now) const;
  // Open time since the oldest complaint that waits; 0: nobody waits.
  Duration age(const Case& one, Time now) const;
  // Cases in which somebody waits or a promise stands, the longest first.
  std::vector<Case> board(std::size_t most) const;
  struct Standing {
    std::size_t waiting = 0, promised = 0;  // complaints without a reply; promises not yet due
    Duration oldest{};                      // open time that the first of them waits
  };
  Standing standing(Time now) const;
  // Public compensation by this brand in the last `span`.
  int precedents(std::uint32_t brand, Duration span, Time now) const;

  // What came before `now` was not seen: promises that fell due meanwhile wait a little for a reply
  // that a source still has to bring.
  void gap(Time now);
  // Cases that changed since the last call, for a store that keeps them over a restart; and one
  // that comes back from it.
  std::vector<Case> take_changed();
  void restore(const Case& one);
  // What the cases do not hold: removals, replies and compensations of late (some kilobytes). Its
  // bytes if that changed since the last call; recall() takes them back, with the brands that they
  // were written with, and throws ArchiveError.
  std::optional<std::string> take_memory();
  void recall(std::string_view memory, const BrandNumbers& brands);
  // A post of before a restart: whose it was, should the brand remove it.
  void recall(std::uint64_t mention, std::uint64_t author, std::uint8_t rules, bool official) {
    recent_[mention % kRecent] = {mention, author, rules, official};
  }

  const Settings& settings() const { return settings_; }
  std::size_t size() const { return cases_.size(); }
  std::uint64_t dropped() const { return cases_.dropped(); }
  void save(ArchiveWriter& out) const;
  void load(ArchiveReader& in, const BrandNumbers& brands);  // throws ArchiveError

 private:
  // Negative and official posts of late, so that a removal can be told: whose, and of what kind.
  struct Recent {
    std::uint64_t mention = 0, author = 0;
    std::uint8_t rules = 0;
    bool own = false;  // an official one
  };
  struct Gone {  // a removal by the brand
    Time at{};
    std::uint64_t thread = 0, author = 0;
    std::uint32_t brand = 0;
  };
  struct Given {  // an official reply, or a compensation
    Time at{};
    std::uint64_t thread = 0;
    SimHash print = 0;
    std::uint32_t brand = 0;
    bool warned = false;
  };
  template <class T, std::size_t N>
  struct Ring {
    std::array<T, N> at{};
    std::uint64_t size = 0;
    T& push(const T& what) { return at[size++ % N] = what; }
  };
  static constexpr std::size_t kRecent = 16'384;

  Event& say(What what, const Case& one, std::uint64_t mention, Time now);
  void customer(const Post& post, Time now);
  void complain(Case& one, const Post& post, Time now);
  void start_clock(Case& one, const Post& post, Time now);
  void by_complainant(Case& one, const Post& post, Time now);
  void louder(Case& one, const Post& post, Time now);
  void object(const Post& post, Time now);
  void notice_text(Case& one, const Post& post, Time now);
  void promise(Case& one, const Post& post, const Reply& reply, Time now);
  void keep_promise(Case& one, std::uint64_t mention, Time at, Time now);
  void private_talk(Case& one, const Post& post, const Reply& reply, Time now);
  void same_words(const Case& one, const Post& post, const Reply& reply, Time now);
  void answer(Case& one, const Post& post, const Reply& reply, Time now);
  void edited(Case& one, const Post& post, const Reply& reply, Time now);
  void look_alike(const Case& one, const Post& post, Time now);
  void settle(Case& one);
  void act_on_time(Case& one, Time now);
  void save_memory(ArchiveWriter& out) const;
  void load_memory(ArchiveReader& in, const BrandNumbers& brands);

  Settings settings_;
  std::vector<std::string> names_;  // of the brands, in lower case
  Cases cases_;
  boost::unordered_flat_set<std::uint64_t> changed_;
  std::vector<Event> events_;
  std::array<std::uint64_t, static_cast<std::size_t>(What::count_)> counts_{};
  std::vector<Recent> recent_;
  Ring<Gone, 64> gone_;
  Ring<Given, 64> replies_, compensations_;
  Ring<std::uint64_t, 64> strangers_;  // accounts that look like the brand's own, and were told
  std::vector<Time> removed_at_;       // by brand: the last removal; objections are read after one
  std::uint64_t remembered_ = 0;       // pushes to the rings when take_memory() was called last
  Time seen_from_{};                   // promises that fell due before wait until then
};

}  // namespace brandwacht::desk
