// The brands' own accounts: from a handle or id to the brand in one hash probe, without allocation.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/hash.hpp"
#include "monitor/text/fold.hpp"

namespace brandwacht::text {

class AccountTable {
 public:
  // The first brand that names an account keeps it. Handles are equal when they differ only in
  // ASCII case and one leading '@'; accents count, because two handles that differ in one are two
  // accounts.
  void add(std::string_view account, std::uint32_t brand) {
    std::string name = plain(account);
    if (name.empty() || find(name)) return;
    lengths_ |= length_bit(name.size());
    entries_.push_back({std::move(name), brand});
    if (entries_.size() * 2 > slots_.size())
      rebuild();
    else
      insert(static_cast<std::uint32_t>(entries_.size() - 1));
  }

  std::optional<std::uint32_t> find(std::string_view account) const noexcept {
    if (!account.empty() && account.front() == '@') account.remove_prefix(1);
    // Most authors have no namesake of their length among a few brands' accounts.
    if ((lengths_ & length_bit(account.size())) == 0 || account.size() > kMax) return std::nullopt;
    char lower[kMax];
    std::transform(account.begin(), account.end(), lower, ascii_lower);
    const std::string_view name(lower, account.size());
    for (std::size_t i = hash_bytes(name);; ++i) {
      const std::uint32_t slot = slots_[i & (slots_.size() - 1)];
      if (slot == kEmpty) return std::nullopt;
      if (entries_[slot].name == name) return entries_[slot].brand;
    }
  }

 private:
  static constexpr std::uint32_t kEmpty = UINT32_MAX;
  static constexpr std::size_t kMax = 512;  // bytes; no platform has longer ids

  struct Entry {
    std::string name;
    std::uint32_t brand;
  };

  static std::uint64_t length_bit(std::size_t size) noexcept {
    return std::uint64_t{1} << std::min<std::size_t>(size, 63);
  }

  static std::string plain(std::string_view account) {
    if (!account.empty() && account.front() == '@') account.remove_prefix(1);
    std::string out(account);
    std::transform(out.begin(), out.end(), out.begin(), ascii_lower);
    return out;
  }

  void insert(std::uint32_t entry) {
    std::size_t i = hash_bytes(entries_[entry].name);
    while (slots_[i & (slots_.size() - 1)] != kEmpty)
      ++i;
    slots_[i & (slots_.size() - 1)] = entry;
  }

  void rebuild() {
    slots_.assign(std::max<std::size_t>(8, slots_.size() * 2), kEmpty);
    for (std::uint32_t e = 0; e < entries_.size(); ++e)
      insert(e);
  }

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // a power of two, at most half full
  std::uint64_t lengths_ = 0;         // a bit for each length that occurs; the last: 63 and more
};

}  // namespace brandwacht::text
