#include "monitor/thread/records.hpp"

#include <algorithm>

namespace brandwacht::thread {

Records::Records(std::size_t& bytes)
    : bytes_(bytes),
      index_(CountingAllocator<std::pair<const std::uint64_t, Slot>>(bytes)),
      chunks_(CountingAllocator<std::unique_ptr<Chunk>>(bytes)),
      verdicts_(CountingAllocator<Verdict>(bytes)),
      free_verdicts_(CountingAllocator<std::uint32_t>(bytes)),
      candidates_(CountingAllocator<std::uint32_t>(bytes)),
      retired_(CountingAllocator<std::pair<const std::uint64_t, DecisionState>>(bytes)) {
  add_chunk();
  for (const List list : {cold_list, kept_list})
    link(list) = {list, list, kNever, list};
}

void Records::add_chunk() {
  const auto base = static_cast<Slot>(chunks_.size() * kChunk);
  chunks_.push_back(std::make_unique<Chunk>());
  bytes_ += sizeof(Chunk);
  for (Slot slot = base + kChunk; slot-- > std::max(base, kFirst);) {
    link(slot).next = free_;
    free_ = slot;
  }
}

void Records::unlink(Slot slot) noexcept {
  const Link& at = link(slot);
  link(at.previous).next = at.next;
  link(at.next).previous = at.previous;
}

void Records::link_front(Slot slot, List list) noexcept {
  Link& at = link(slot);
  Link& head = link(list);
  at.previous = list;
  at.next = head.next;
  at.list = list;
  link(head.next).previous = slot;
  head.next = slot;
}

Slot Records::create(std::uint64_t key, std::uint32_t brand, Second now) {
  if (free_ == kNoSlot) add_chunk();
  const Slot slot = free_;
  free_ = link(slot).next;
  Record& record = (*this)[slot];
  record.key = key;
  record.brand = brand;
  record.first = record.last = kNever;
  pulse(slot) = {};
  link(slot).touched = now;
  index_.emplace(key, slot);
  link_front(slot, cold_list);
  if (const auto found = retired_.find(key); found != retired_.end()) {
    const DecisionState state = found->second;
    retired_.erase(found);
    decision(slot) = state;
  }
  return slot;
}

void Records::erase(Slot slot) {
  Record& record = (*this)[slot];
  drop_decision(record);
  authors_ -= record.authors.size();
  bytes_ -= record.authors.heap();
  record.authors.clear();
  unlink(slot);
  link(slot).touched = kNever;
  index_.erase(record.key);
  link(slot).next = free_;
  free_ = slot;
}

void Records::touch(Slot slot, Second now) {
  link(slot).touched = now;
  move(slot, link(slot).list);
}

Authors::Change Records::join(Slot slot, std::uint64_t author, Second negative_at, bool official,
                              bool may_add) {
  Authors& authors = (*this)[slot].authors;
  const std::size_t heap = authors.heap();
  const auto change = authors.join(author, negative_at, official, may_add);
  bytes_ += authors.heap() - heap;
  if (change.joined == Authors::Joined::added) ++authors_;
  return change;
}

Authors::Change Records::set_root(Slot slot, std::uint64_t author) {
  Authors& authors = (*this)[slot].authors;
  const std::size_t heap = authors.heap();
  const auto change = authors.set_root(author);
  bytes_ += authors.heap() - heap;
  return change;
}

bool Records::has_open_decision(Slot slot) const noexcept {
  const std::uint32_t decision = (*this)[slot].decision;
  return decision != kNoSlot && is_open(verdicts_[decision].state);
}

// Decisions open behind our back, through the pointer that decision() gave out: the lists learn it
// when it matters.
bool Records::move_if_open(Slot slot) noexcept {
  if (!has_open_decision(slot)) return false;
  move(slot, kept_list);
  return true;
}

Slot Records::back(List list, Slot except) const noexcept {
  Slot at = link(list).previous;
  if (at == except) at = link(at).previous;
  return at >= kFirst ? at : kNoSlot;
}

Slot Records::coldest(Slot except) {
  Slot slot = back(cold_list, except);
  while (slot != kNoSlot && move_if_open(slot))
    slot = back(cold_list, except);
  return slot != kNoSlot ? slot : back(kept_list, except);
}

Slot Records::expired(Second second) {
  const Slot slot = back(cold_list, kNoSlot);
  if (slot == kNoSlot || link(slot).touched >= second || move_if_open(slot)) return kNoSlot;
  return slot;
}

DecisionState& Records::decision(Slot slot) {
  Record& record = (*this)[slot];
  if (record.decision == kNoSlot) {
    if (free_verdicts_.empty()) {
      record.decision = static_cast<std::uint32_t>(verdicts_.size());
      verdicts_.emplace_back();
    } else {
      record.decision = free_verdicts_.back();
      free_verdicts_.pop_back();
      verdicts_[record.decision] = {};
    }
    verdicts_[record.decision].owner = slot;
  }
  Verdict& verdict = verdicts_[record.decision];
  if (verdict.candidate == kNoSlot) {
    verdict.candidate = static_cast<std::uint32_t>(candidates_.size());
    candidates_.push_back(record.decision);
  }
  return verdict.state;
}

void Records::drop_candidate(Verdict& verdict) noexcept {
  if (verdict.candidate == kNoSlot) return;
  const std::uint32_t last = candidates_.back();
  candidates_[verdict.candidate] = last;
  verdicts_[last].candidate = verdict.candidate;
  candidates_.pop_back();
  verdict.candidate = kNoSlot;
}

bool Records::still_open(Verdict& verdict) {
  if (is_open(verdict.state)) return true;
  if (link(verdict.owner).list == kept_list) move(verdict.owner, cold_list);
  drop_candidate(verdict);
  return false;
}

bool Records::any_open() {
  while (!candidates_.empty())
    if (still_open(verdicts_[candidates_.back()])) return true;
  return false;
}

void Records::drop_decision(Record& record) {
  if (record.decision == kNoSlot) return;
  Verdict& verdict = verdicts_[record.decision];
  drop_candidate(verdict);
  if (verdict.state.episode != 0) remember(record.key, verdict.state);
  verdict.owner = kNoSlot;
  free_verdicts_.push_back(record.decision);
  record.decision = kNoSlot;
}

void Records::remember(std::uint64_t key, const DecisionState& state) {
  if (retired_.size() >= kRetired) retired_.erase(retired_.begin());
  retired_.insert_or_assign(key, state);
}

}  // namespace brandwacht::thread
