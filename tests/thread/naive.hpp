// What the table should say, computed from scratch out of a list of everything that was told, with
// maps and sets. The one thing that depends on the order of arrival is kept as it arrived: a reply
// that quotes.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "monitor/thread/seconds.hpp"
#include "tests/thread/build.hpp"

namespace brandwacht::thread {

class Naive {
 public:
  explicit Naive(Settings settings) : settings_(settings) {}

  void observe(const Observation& told) {
    if (deleted_.contains(told.mention)) return;
    const bool root = told.mention == told.thread;
    if (const auto known = seen_.find(told.mention); known == seen_.end()) {
      // A reply that quotes something known counts there, else with its root; this stays so.
      const bool away = !root && told.quoted != 0 && known_thread(told.quoted);
      seen_[told.mention] = away ? *known_thread(told.quoted) : told.thread;
      if (root && told.quoted != 0) quotes_[told.thread] = told.quoted;
    }
    threads_.insert(seen_[told.mention]);
    told_.push_back(told);
  }

  void remove(std::uint64_t mention) { deleted_.insert(mention); }

  // The thread that `thread` counts in.
  std::uint64_t home(std::uint64_t thread) const {
    std::set<std::uint64_t> been;
    while (been.insert(thread).second) {
      const auto quote = quotes_.find(thread);
      if (quote == quotes_.end()) break;
      const auto next = known_thread(quote->second);
      if (!next) break;
      thread = *next;
    }
    return thread;
  }

  std::set<std::uint64_t> homes() const {
    std::set<std::uint64_t> out;
    for (const auto thread : threads_)
      out.insert(home(thread));
    return out;
  }

  // Joiners, participants and windows of a thread that is its own home.
  Belief belief(std::uint64_t thread, Time now) const {
    std::map<std::uint64_t, std::optional<Time>> authors;
    std::set<std::uint64_t> outside;
    Belief out;
    for (const auto& told : told_) {
      if (home(seen_.at(told.mention)) != thread) continue;
      const Time at = std::min(told.created_at < kFirstTime ? told.received_at : told.created_at,
                               told.received_at);
      if (told.official || (told.mention == told.thread && told.thread == thread))
        outside.insert(told.author);
      auto& first = authors[told.author];
      if (told.negative >= settings_.negative_at && (!first || at < *first)) first = at;
      out.first_at = out.first_at == Time{} ? at : std::min(out.first_at, at);
      out.last_at = std::max(out.last_at, at);
    }
    for (const auto& [author, first] : authors) {
      if (outside.contains(author)) continue;
      ++out.participants;
      if (!first) continue;
      ++out.joiners;
      const auto age = std::chrono::floor<seconds>(now) - std::chrono::floor<seconds>(*first);
      out.last_critic_at = std::max(out.last_critic_at, *first);
      if (age < -minutes{2}) continue;  // stamped by a clock that was wrong: in no window
      if (age < settings_.window) ++out.joiners_window;
      if (age < minutes{10}) ++out.joiners_recent;
      if (age >= minutes{10} && age < minutes{20}) ++out.joiners_before;
    }
    return out;
  }

 private:
  std::optional<std::uint64_t> known_thread(std::uint64_t mention) const {
    if (const auto known = seen_.find(mention); known != seen_.end()) return known->second;
    if (threads_.contains(mention)) return mention;
    return std::nullopt;
  }

  Settings settings_;
  std::map<std::uint64_t, std::uint64_t> seen_;    // mention -> thread
  std::map<std::uint64_t, std::uint64_t> quotes_;  // root -> what it quotes
  std::set<std::uint64_t> threads_;
  std::set<std::uint64_t> deleted_;
  std::vector<Observation> told_;
};

}  // namespace brandwacht::thread
