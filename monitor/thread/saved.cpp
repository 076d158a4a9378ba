// The thread table to and from an archive.
#include <algorithm>
#include <utility>

#include "monitor/hash.hpp"
#include "monitor/thread/impl.hpp"

namespace brandwacht::thread {
namespace {

constexpr std::uint32_t kVersion = 2;

template <class T>
std::uint64_t hash_of(const T& value, std::uint64_t seed) {
  return hash_bytes({reinterpret_cast<const char*>(&value), sizeof value}, seed);
}

// What the numbers in a thread's state mean depends on these; a state made with others is refused.
std::uint64_t meaning(const Settings& settings, const Model& model) {
  std::uint64_t hash = hash_of(settings.negative_at, 1);
  hash = hash_of(settings.max_future, hash);
  hash = hash_of(model.kernel, hash);
  hash = hash_of(model.profile.activity(), hash);
  return hash_of(model.root_mark, hash);
}

void save_authors(ArchiveWriter& out, const Authors& authors) {
  out.put(authors.root());
  out.put(authors.saturated());
  out.put(std::uint64_t{authors.size()});
  authors.each([&out](std::uint64_t author, Second negative_at, bool official) {
    out.put(author);
    out.put(negative_at);
    out.put(official);
  });
}

}  // namespace

void Records::save(ArchiveWriter& out, Slot slot) const {
  const Record& record = (*this)[slot];
  const Link& place = link(slot);
  out.put(record.key);
  out.put(record.brand);
  out.put(record.first);
  out.put(record.last);
  out.put(place.touched);
  out.put(pulse(slot));
  out.put(record.decision != kNoSlot);
  if (record.decision != kNoSlot) {
    out.put(verdicts_[record.decision].state);
    out.put(verdicts_[record.decision].candidate);
  }
  save_authors(out, record.authors);
}

void Records::save(ArchiveWriter& out) const {
  for (const List list : {cold_list, kept_list}) {
    std::uint64_t count = 0;
    for (Slot at = link(list).previous; at >= kFirst; at = link(at).previous)
      ++count;
    out.put(count);
    for (Slot at = link(list).previous; at >= kFirst; at = link(at).previous)
      save(out, at);
  }
  out.put(std::uint64_t{retired_.size()});
  for (const auto& [key, state] : retired_) {
    out.put(key);
    out.put(state);
  }
}

void Records::load(ArchiveReader& in, const BrandNumbers& brands) {
  std::vector<std::pair<std::uint32_t, Slot>> order;  // of the candidates
  for (const List list : {cold_list, kept_list}) {
    for (auto left = in.count(sizeof(Pulse)); left > 0; --left) {
      const auto key = in.get<std::uint64_t>();
      const std::uint32_t brand = brands.of(in.get<std::uint32_t>());
      const auto first = in.get<Second>(), last = in.get<Second>(), touched = in.get<Second>();
      const auto beside = in.get<Pulse>();
      const bool decided = in.get_bool();
      const auto state = decided ? in.get<DecisionState>() : DecisionState{};
      const auto candidate = decided ? in.get<std::uint32_t>() : kNoSlot;
      const auto root = in.get<std::uint64_t>();
      const bool saturated = in.get_bool();
      if (brand != kNoBrand && find(key) != kNoSlot) throw ArchiveError("it has a thread twice");
      const Slot slot = brand == kNoBrand ? kNoSlot : create(key, brand, touched);
      if (slot != kNoSlot) {
        (*this)[slot].first = first;
        (*this)[slot].last = last;
        pulse(slot) = beside;
        if (decided) decision(slot) = state;
        if (candidate != kNoSlot) order.emplace_back(candidate, slot);
        if (list == kept_list) move(slot, kept_list);
        if (root != 0) (void)set_root(slot, root);
      }
      for (auto authors = in.count(13); authors > 0; --authors) {
        const auto author = in.get<std::uint64_t>();
        const auto negative_at = in.get<Second>();
        const bool official = in.get_bool();
        if (slot != kNoSlot) (void)join(slot, author, negative_at, official, true);
      }
      if (slot != kNoSlot && saturated) (*this)[slot].authors.saturate();
    }
  }
  // The clock looks at the candidates in their order.
  candidates_.clear();
  for (Verdict& verdict : verdicts_)
    verdict.candidate = kNoSlot;
  std::ranges::sort(order);
  for (const auto& [place, slot] : order)
    (void)decision(slot);
  for (auto left = in.count(8 + sizeof(DecisionState)); left > 0; --left) {
    const auto key = in.get<std::uint64_t>();
    remember(key, in.get<DecisionState>());
  }
}

void Table::save(ArchiveWriter& out) const {
  out.begin("threads", kVersion,
            {sizeof(Pulse), sizeof(DecisionState), sizeof(Overflow), sizeof(Stats)});
  const Impl& impl = *impl_;
  out.put(meaning(impl.settings, *impl.model));
  impl.records.save(out);
  for (const Memory* memory : {&impl.seen, &impl.aliases, &impl.deleted, &impl.waiting})
    memory->save(out);
  impl.known.save(out);
  out.put(std::uint64_t{impl.overflows.size()});
  for (const auto& [key, rest] : impl.overflows) {
    out.put(key);
    out.put(*rest);
  }
  out.put(std::uint64_t{impl.surge.size()});
  for (const float factor : impl.surge)
    out.put(factor);
  out.put(impl.stats);
}

void Table::load(ArchiveReader& in, const BrandNumbers& brands) {
  in.begin("threads", kVersion,
           {sizeof(Pulse), sizeof(DecisionState), sizeof(Overflow), sizeof(Stats)});
  Impl& impl = *impl_;
  if (in.get<std::uint64_t>() != meaning(impl.settings, *impl.model))
    throw ArchiveError("it was made with another model or other settings of threads");
  impl.records.load(in, brands);
  for (Memory* memory : {&impl.seen, &impl.aliases, &impl.deleted, &impl.waiting})
    memory->load(in);
  impl.known.load(in);
  if (!brands.same()) impl.known.clear();  // its keys hold the brand's number
  for (auto left = in.count(8 + sizeof(Overflow)); left > 0; --left) {
    const auto key = in.get<std::uint64_t>();
    auto rest = std::make_unique<Overflow>(in.get<Overflow>());
    if (impl.records.find(key) == kNoSlot) continue;
    if (impl.overflows.insert_or_assign(key, std::move(rest)).second)
      impl.bytes += sizeof(Overflow);
  }
  const auto surges = in.count(sizeof(float));
  for (std::uint32_t then = 0; then < surges; ++then) {
    const auto factor = in.get<float>();
    const std::uint32_t brand = brands.of(then);
    if (brand == kNoBrand) continue;
    if (impl.surge.size() <= brand) impl.surge.resize(brand + 1, 0);
    impl.surge[brand] = factor;
  }
  in.get(impl.stats);
}

}  // namespace brandwacht::thread
