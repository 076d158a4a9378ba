// The desk's state as bytes: whole, for a snapshot, and what the cases do not hold, for a restart.
#include <algorithm>

#include "monitor/desk/webcare.hpp"

namespace brandwacht::desk {

void Webcare::save(ArchiveWriter& out) const {
  out.begin("webcare", 1,
            {sizeof(Case), sizeof(Recent), sizeof gone_, sizeof replies_, sizeof strangers_});
  cases_.save(out);
  out.put(static_cast<std::uint64_t>(
      std::ranges::count_if(recent_, [](const Recent& one) { return one.mention != 0; })));
  for (const Recent& one : recent_)
    if (one.mention != 0) out.put(one);
  save_memory(out);
  out.put(seen_from_);
}

void Webcare::save_memory(ArchiveWriter& out) const {
  out.put(gone_);
  out.put(replies_);
  out.put(compensations_);
  out.put(strangers_);
  out.put(std::uint64_t{removed_at_.size()});
  for (const Time at : removed_at_)
    out.put(at);
}

void Webcare::load_memory(ArchiveReader& in, const BrandNumbers& brands) {
  in.get(gone_);
  in.get(replies_);
  in.get(compensations_);
  in.get(strangers_);
  for (auto* ring : {&replies_, &compensations_})
    for (Given& given : ring->at)
      given.brand = brands.of(given.brand);
  for (Gone& gone : gone_.at)
    gone.brand = brands.of(gone.brand);
  const auto count = in.count(sizeof(Time));
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto at = in.get<Time>();
    if (brands.of(i) < removed_at_.size()) removed_at_[brands.of(i)] = at;
  }
}

std::optional<std::string> Webcare::take_memory() {
  const std::uint64_t pushed = gone_.size + replies_.size + compensations_.size + strangers_.size;
  if (pushed == remembered_) return std::nullopt;
  remembered_ = pushed;
  ArchiveWriter out;
  out.begin("memory", 1, {sizeof gone_, sizeof replies_, sizeof strangers_});
  save_memory(out);
  return out.take();
}

void Webcare::recall(std::string_view memory, const BrandNumbers& brands) {
  ArchiveReader in(memory);
  in.begin("memory", 1, {sizeof gone_, sizeof replies_, sizeof strangers_});
  load_memory(in, brands);
  remembered_ = gone_.size + replies_.size + compensations_.size + strangers_.size;
}

void Webcare::load(ArchiveReader& in, const BrandNumbers& brands) {
  in.begin("webcare", 1,
           {sizeof(Case), sizeof(Recent), sizeof gone_, sizeof replies_, sizeof strangers_});
  cases_.load(in, brands);
  for (auto left = in.count(sizeof(Recent)); left > 0; --left) {
    const auto one = in.get<Recent>();
    recent_[one.mention % kRecent] = one;
  }
  load_memory(in, brands);
  in.get(seen_from_);
}

}  // namespace brandwacht::desk
