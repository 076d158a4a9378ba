// Which brand is a mention about? All terms of all brands in one pass of a multi-pattern matcher
// (Hyperscan).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/mention.hpp"

namespace brandwacht::text {

struct BrandTerms {
  std::string name;
  // Words or phrases. Matched case- and accent-folded between word boundaries; white space in a
  // phrase matches any run of white space. "#outage" matches only the hashtag; a plain term also
  // matches as "#term" and "@term". Letters, digits and underscores of any script belong to a word,
  // so "polderbank" is not in "polderbanken" nor in a word that goes on in Cyrillic; scripts
  // without spaces (Han, Kana, Hangul, Thai) do not hide a term beside them.
  std::vector<std::string> terms;
  std::vector<std::string>
      exclude;  // a text with one of these does not match by terms (accounts still do)
  std::vector<std::string> accounts;  // the brand's own accounts, handles or ids (DIDs): addressing
                                      // one is a match, and what they write is official
};

class Matcher {
 public:
  static constexpr std::size_t kMaxScanned =
      64 << 10;  // bytes of a text beyond this are not looked at

  // Throws std::invalid_argument with a sentence on a term, exclusion or account that is empty once
  // folded, or if the terms are too many for one database.
  explicit Matcher(const std::vector<BrandTerms>& brands);
  ~Matcher();
  Matcher(Matcher&&) noexcept;

  // The index of the first brand (in the order of the configuration) that the mention names or
  // addresses; not: by thread. Never allocates in steady state. Not for two threads at once.
  std::optional<std::uint32_t> match(const MentionView& mention) noexcept;

  // One more account of a brand, learnt while running. False: it was known already.
  bool add_account(std::string_view account, std::uint32_t brand);

  // Is `author` (id or handle) one of the accounts of any brand? Case and a leading '@' do not
  // matter.
  std::optional<std::uint32_t> brand_of_account(std::string_view id,
                                                std::string_view handle) const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brandwacht::text
