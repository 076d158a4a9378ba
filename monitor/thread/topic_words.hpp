// Which words make a topic: how often each stands in a brand's ordinary posts, and in the posts of
// a topic. Hashes only. Internal to topics.cpp and its tests.
#pragma once
#include <array>
#include <cstdint>

#include "monitor/signature.hpp"
#include "monitor/time.hpp"

namespace brandwacht::thread {

// The share of a brand's ordinary posts that hold a term, in a table of counters. A term that many
// use within ten minutes counts a few times only, so that a crisis does not make its words
// ordinary while it lasts. Slowly forgets. About 12 KiB.
class OrdinaryWords {
 public:
  void learn(const Signature& post, Time now) noexcept;
  bool wants(Time now) const noexcept;  // or it has seen enough for these ten minutes
  void expect(const Signature& words, double share) noexcept;  // at least so ordinary, for ever
  double share(std::uint32_t term) const noexcept;             // (0, 1]

 private:
  static constexpr std::size_t kSlots = 4096;
  static std::size_t slot(std::uint32_t term) noexcept { return term % kSlots; }

  std::array<std::uint16_t, kSlots> posts_{};  // that hold a term of the slot
  std::array<std::uint8_t, kSlots> recent_{};  // of these, in the running ten minutes: at most 15
  std::array<std::uint8_t, kSlots> least_{};   // expect(): in 1/255
  std::uint32_t all_ = 0, recent_all_ = 0;
  Time span_begin_{};
};

// The terms of a topic's posts, the most frequent of them.
class TopicWords {
 public:
  static constexpr std::size_t kTerms = 48;

  void add(const Signature& post) noexcept;
  void add(const TopicWords& other) noexcept;
  int posts() const noexcept { return static_cast<int>(posts_); }
  // Naive Bayes in nats: how much more the post looks like this topic's than like an ordinary one.
  // A term that is the topic's only once says nothing yet of the topic.
  double evidence(const Signature& post, const OrdinaryWords& ordinary) const noexcept;

 private:
  struct Term {
    std::uint32_t hash;
    std::uint32_t posts;
  };
  void add(std::uint32_t hash, std::uint32_t posts) noexcept;

  std::array<Term, kTerms> terms_{};
  std::uint32_t size_ = 0, posts_ = 0;
};

}  // namespace brandwacht::thread
