#include "monitor/thread/topic_words.hpp"

#include <algorithm>
#include <cmath>

#include "monitor/zone.hpp"

namespace brandwacht::thread {
namespace {

constexpr Duration kSpan = std::chrono::minutes{10};
constexpr std::uint8_t kMostInSpan = 4, kMostPostsInSpan = 20;
constexpr std::uint32_t kForgetAt = 20'000;  // then all counts are halved

// A term never seen before stands in so many of so many posts.
constexpr double kPriorPosts = 100, kPriorShare = 0.004;

// A long word gives up to three terms, which come together; and a word that is missing says little,
// because there is another for the same. Both by trial: bench/data's 2,479 invented complaints
// apart against tests' invented outages together.
constexpr double kDependence = 0.7, kAbsence = 0.3;

// How often a word of a topic's only post comes again in its next.
constexpr double kFirstPost = 0.2;

}  // namespace

bool OrdinaryWords::wants(Time now) const noexcept {
  now = in_calendar(now);
  return now < span_begin_ || now - span_begin_ >= kSpan || recent_all_ < kMostPostsInSpan;
}

void OrdinaryWords::learn(const Signature& post, Time now) noexcept {
  now = in_calendar(now);
  if (now < span_begin_ || now - span_begin_ >= kSpan) {
    recent_.fill(0);
    recent_all_ = 0;
    span_begin_ = now;
  }
  if (recent_all_ >= kMostPostsInSpan) return;
  ++recent_all_;
  for (const std::uint32_t term : post.terms()) {
    std::uint8_t& recent = recent_[slot(term)];
    if (recent >= kMostInSpan) continue;
    ++recent;
    ++posts_[slot(term)];
  }
  if (++all_ < kForgetAt) return;
  all_ /= 2;
  for (std::uint16_t& posts : posts_)
    posts /= 2;
}

void OrdinaryWords::expect(const Signature& words, double share) noexcept {
  const auto least = static_cast<std::uint8_t>(std::clamp(share, 0.0, 1.0) * 255);
  for (const std::uint32_t term : words.terms())
    least_[slot(term)] = std::max(least_[slot(term)], least);
}

double OrdinaryWords::share(std::uint32_t term) const noexcept {
  const double seen = (posts_[slot(term)] + kPriorPosts * kPriorShare) / (all_ + kPriorPosts);
  return std::clamp(std::max(seen, least_[slot(term)] / 255.0), 1e-4, 1.0);
}

void TopicWords::add(std::uint32_t hash, std::uint32_t posts) noexcept {
  const auto end = terms_.begin() + size_;
  const auto at =
      std::find_if(terms_.begin(), end, [&](const Term& term) { return term.hash == hash; });
  if (at != end) {
    at->posts += posts;
  } else if (size_ < kTerms) {
    terms_[size_++] = {hash, posts};
  } else {
    const auto rarest = std::ranges::min_element(terms_, {}, &Term::posts);
    if (rarest->posts <= posts) *rarest = {hash, posts};  // the newer of two
  }
}

void TopicWords::add(const Signature& post) noexcept {
  ++posts_;
  for (const std::uint32_t hash : post.terms())
    add(hash, 1);
}

void TopicWords::add(const TopicWords& other) noexcept {
  posts_ += other.posts_;
  for (std::uint32_t i = 0; i < other.size_; ++i)
    add(other.terms_[i].hash, other.terms_[i].posts);
}

double TopicWords::evidence(const Signature& post, const OrdinaryWords& ordinary) const noexcept {
  double sum = 0;
  const auto terms = post.terms();
  for (std::uint32_t i = 0; i < size_; ++i) {
    // All but one of its posts, plus what is believed of one.
    const double share = std::min(0.95, (terms_[i].posts - 1 + kFirstPost) / posts_);
    const double usual = ordinary.share(terms_[i].hash);
    if (share <= usual) continue;  // no word of this topic
    const bool there = std::ranges::find(terms, terms_[i].hash) != terms.end();
    sum += there ? std::log(share / usual) : kAbsence * std::log((1 - share) / (1 - usual));
  }
  return kDependence * sum;
}

}  // namespace brandwacht::thread
