#include "monitor/thread/topics.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "monitor/zone.hpp"

namespace brandwacht::thread {
namespace {

// By its own id, or by that of a topic that became part of it.
bool is(const Topic& topic, TopicId id) {
  return id != 0 && (topic.id == id || std::ranges::find(topic.former, id) != topic.former.end());
}

}  // namespace

// Brands beyond the bound share the places of others: their topics mix, and nothing grows.
Topics::Brand& Topics::brand(std::uint32_t number) {
  const std::size_t at = number % kBrands;
  if (brands_.size() <= at) brands_.resize(at + 1);
  return brands_[at];
}

const Topics::Brand* Topics::brand_if(std::uint32_t number) const {
  const std::size_t at = number % kBrands;
  return at < brands_.size() ? &brands_[at] : nullptr;
}

// Also a topic that is younger than `now`: the clock stepped back.
bool Topics::runs(const Topic& topic, Time now) const {
  return topic.id != 0 && now - topic.last_at <= settings_.window;
}

Topics::Best Topics::best(const Brand& brand, const Signature& post, Time now) const {
  Best out;
  for (std::size_t i = 0; i < kTopics; ++i) {
    const Topic& topic = brand.topics[i];
    if (!runs(topic, now)) continue;
    if (std::ranges::any_of(topic.last,
                            [&](SimHash hash) { return near_duplicate(hash, post.simhash); }))
      return {i, 0, {}};
    // The larger a topic, the likelier the next post is of it: the prior of a Chinese restaurant,
    // up to a size from which it would draw everything in.
    const double evidence =
        topic.words.evidence(post, brand.ordinary) + std::log(std::clamp(topic.threads, 1, 8));
    if (evidence < settings_.evidence) continue;
    out.also[i] = true;
    if (evidence > out.evidence) out.at = i, out.evidence = evidence;
  }
  return out;
}

void Topics::join_topics(Brand& brand, const Best& found) {
  Topic& into = brand.topics[found.at];
  for (std::size_t i = 0; i < kTopics; ++i) {
    Topic& other = brand.topics[i];
    if (i == found.at || !found.also[i] || (into.incident != 0 && other.incident != 0)) continue;
    into.first_at = std::min(into.first_at, other.first_at);
    into.last_at = std::max(into.last_at, other.last_at);
    into.threads += other.threads;
    into.paged += other.paged;
    if (into.incident == 0) into.incident = other.incident;
    into.words.add(other.words);
    std::ranges::rotate(into.former, into.former.end() - 1);
    into.former[0] = other.id;
    other = Topic{};
  }
}

Topic& Topics::fresh(Brand& brand, Time now) {
  Topic* coldest = &brand.topics[0];
  for (Topic& topic : brand.topics) {
    if (!runs(topic, now)) {
      coldest = &topic;
      break;
    }
    if (topic.last_at < coldest->last_at) coldest = &topic;
  }
  if (runs(*coldest, now)) ++dropped_;
  *coldest = Topic{};
  coldest->id = next_++;
  coldest->first_at = now;
  return *coldest;
}

Topic* Topics::seated(Brand& brand, std::uint64_t thread, Time now) {
  const Seat& seat = seats_[thread % kThreads];
  if (seat.thread != thread || seat.topic == 0) return nullptr;
  for (Topic& topic : brand.topics)
    if (is(topic, seat.topic) && runs(topic, now)) return &topic;
  return nullptr;
}

void Topics::expect(std::uint32_t number, const Signature& words, double share) {
  brand(number).ordinary.expect(words, share);
}

void Topics::learn(std::uint32_t number, const Signature& post, Time now) {
  now = in_calendar(now);
  Brand& own = brand(number);
  if (!own.ordinary.wants(now)) return;
  const Best found = best(own, post, now);
  if (found.at == kTopics || own.topics[found.at].threads < 2) own.ordinary.learn(post, now);
}

bool Topics::wants(std::uint32_t number, Time now) const {
  const Brand* known = brand_if(number);
  return known == nullptr || known->ordinary.wants(now);
}

std::optional<TopicId> Topics::topic_of(std::uint32_t number, const Signature& post,
                                        Time now) const {
  const Brand* known = brand_if(number);
  if (known == nullptr) return std::nullopt;
  const Best found = best(*known, post, in_calendar(now));
  if (found.at == kTopics) return std::nullopt;
  return known->topics[found.at].id;
}

TopicMatch Topics::assign(std::uint32_t number, std::uint64_t thread, const Signature& post,
                          Time now) {
  now = in_calendar(now);
  if (seats_.empty()) seats_.resize(kThreads);
  Brand& own = brand(number);
  TopicMatch out;
  Topic* topic = seated(own, thread, now);
  const bool was_there = topic != nullptr;
  if (!was_there) {
    const Best found = best(own, post, now);
    out.is_new = found.at == kTopics;
    out.evidence = found.evidence;
    if (!out.is_new) join_topics(own, found);
    topic = out.is_new ? &fresh(own, now) : &own.topics[found.at];
    ++topic->threads;
    seats_[thread % kThreads] = {thread, topic->id};
  }
  topic->words.add(post);
  topic->last[static_cast<std::size_t>(topic->words.posts()) % topic->last.size()] = post.simhash;
  topic->last_at = std::max(topic->last_at, now);
  out.id = topic->id;
  out.threads = topic->threads;
  out.paged = topic->paged;
  out.incident = topic->incident;
  return out;
}

std::optional<TopicMatch> Topics::seat(std::uint32_t number, std::uint64_t thread, Time now) const {
  const Brand* known = brand_if(number);
  if (known == nullptr || seats_.empty()) return std::nullopt;
  const Seat& seat = seats_[thread % kThreads];
  if (seat.thread != thread) return std::nullopt;
  for (const Topic& topic : known->topics)
    if (is(topic, seat.topic) && runs(topic, in_calendar(now)))
      return TopicMatch{topic.id, false, 0, topic.threads, topic.paged, topic.incident};
  return std::nullopt;
}

void Topics::note_page(std::uint32_t number, TopicId id, std::uint64_t incident) {
  for (Topic& topic : brand(number).topics) {
    if (!is(topic, id)) continue;
    ++topic.paged;
    if (topic.incident == 0) topic.incident = incident;
  }
}

void Topics::note_close(std::uint64_t incident) {
  for (Brand& each : brands_)
    for (Topic& topic : each.topics)
      if (topic.incident == incident) topic.incident = 0;
}

namespace {

// What the bytes hold, in this order. A change of any size makes another head.
struct Head {
  std::uint64_t form, next, dropped, brands, seats;
};

template <typename T>
void append(std::string& out, const T* values, std::size_t count) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(values), count * sizeof(T));
}
template <typename T>
void take(std::string_view& bytes, T* values, std::size_t count) {
  std::memcpy(static_cast<void*>(values), bytes.data(), count * sizeof(T));
  bytes.remove_prefix(count * sizeof(T));
}

}  // namespace

std::string Topics::save() const {
  constexpr std::uint64_t kForm = (std::uint64_t{1} << 56) + sizeof(Brand);
  const Head head{kForm, next_, dropped_, brands_.size(), seats_.size()};
  std::string out;
  out.reserve(sizeof head + brands_.size() * sizeof(Brand) + seats_.size() * sizeof(Seat));
  append(out, &head, 1);
  append(out, brands_.data(), brands_.size());
  append(out, seats_.data(), seats_.size());
  return out;
}

bool Topics::restore(std::string_view bytes) {
  constexpr std::uint64_t kForm = (std::uint64_t{1} << 56) + sizeof(Brand);
  Head head{};
  if (bytes.size() < sizeof head) return false;
  take(bytes, &head, 1);
  if (head.form != kForm || head.brands > kBrands || (head.seats != 0 && head.seats != kThreads) ||
      bytes.size() != head.brands * sizeof(Brand) + head.seats * sizeof(Seat))
    return false;
  brands_.assign(head.brands, {});
  seats_.assign(head.seats, {});
  if (head.brands != 0) take(bytes, brands_.data(), head.brands);
  if (head.seats != 0) take(bytes, seats_.data(), head.seats);
  next_ = head.next;
  dropped_ = head.dropped;
  return true;
}

const Topic* Topics::find(std::uint32_t number, TopicId id) const {
  const Brand* known = brand_if(number);
  if (known == nullptr) return nullptr;
  const auto found =
      std::ranges::find_if(known->topics, [id](const Topic& topic) { return is(topic, id); });
  return found == known->topics.end() ? nullptr : &*found;
}

}  // namespace brandwacht::thread
