// The inside of the thread table, for its two sources only: mentions.cpp decides where a mention
// counts, table.cpp answers what is known.
#pragma once
#include "monitor/thread/memory.hpp"
#include "monitor/thread/overflow.hpp"
#include "monitor/thread/records.hpp"
#include "monitor/thread/table.hpp"

namespace brandwacht::thread {

struct Table::Impl {
  explicit Impl(const Settings& table_settings);

  // Where a mention counts: the thread's key, and its slot if it is live.
  struct Home {
    std::uint64_t key;
    Slot slot;
    Slot fold = kNoSlot;  // a thread that must be folded into this one first
  };
  // The thread of that name, or the one that it was folded into.
  Home follow(std::uint64_t thread) const noexcept;
  // The live thread that a quoted or answered mention is in.
  Slot linked(std::uint64_t mention) const noexcept;
  // The live thread that `mention`, a root or a mention that we saw, makes others part of.
  Slot inside(std::uint64_t mention) const noexcept;
  Home home_of(const Observation& mention, const Home& own, bool fresh);
  Slot settle(const Home& home, const Observation& mention, Observed& observed);

  Slot create(std::uint64_t key, std::uint32_t brand, Second now);
  Authors::Change join(Slot slot, std::uint64_t author, Second negative_at, bool official);
  Authors::Change add(Slot slot, std::uint64_t author, Second negative_at, bool official,
                      bool room);
  void overflow(Slot slot, std::uint64_t author, Second negative_at);
  // What a changed fact does to the cascade and the rates.
  void pulse(Slot slot, const Authors::Change& change);
  void move_root(Slot slot, Second at);
  void hear(Slot slot, const Observation& mention, Second at, const Authors::Change& change);
  std::uint32_t critics(const Record& record) const noexcept;
  void fold(Slot from, Slot into);
  void wait_for(std::uint64_t mention, std::uint64_t thread);
  void wake(std::uint64_t mention, Slot home);
  void make_room(Slot except);
  void evict(Slot slot);
  void expire(Time now);
  Second event_second(const Observation& mention);
  Observed observe(const Observation& mention);
  Belief belief(Slot slot, Time now) const;
  // Fills in the features and the risks of a thread with critics.
  void foresee(Slot slot, Second now, Belief& belief) const;

  const Settings settings;
  const std::shared_ptr<const Model> model;
  const std::shared_ptr<const Forecast> forecast;
  std::size_t bytes = 0;
  Records records;
  Memory seen;     // mention -> key of the thread that it counted in
  Memory aliases;  // root that quotes -> key of the thread that all below it counts in. Apart from
                   // `seen` and small, since it is asked for every mention that is not ours
  Memory deleted;  // tombstones
  // Mention that was quoted before it was seen -> the quoting thread; ~that -> the next one.
  Memory waiting;
  // Critics of a brand -> the thread that they joined last.
  Memory known;
  // Threads with more authors than are kept one by one, by key.
  FlatMap<std::unique_ptr<Overflow>> overflows;
  std::vector<float> surge;  // by brand: ln of the factor
  Stats stats;
};

}  // namespace brandwacht::thread
