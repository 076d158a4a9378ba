// Which brand is a mention about? All terms of all brands in one pass of a multi-pattern matcher (Hyperscan).
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
  // Words or phrases. Matched case- and accent-folded between word boundaries; white space in a phrase matches any run of
  // white space. "#outage" matches only the hashtag; a plain term also matches as "#term" and "@term".
  std::vector<std::string> terms;
  std::vector<std::string> exclude;   // a text with one of these does not match by terms (accounts still do)
  std::vector<std::string> accounts;  // the brand's own accounts, handles or ids (DIDs): addressing one is a match, and
                                      // what they write is official
};

class Matcher {
 public:
  // Throws std::invalid_argument with a sentence on a term that is empty once folded.
  explicit Matcher(const std::vector<BrandTerms>& brands);
  ~Matcher();
  Matcher(Matcher&&) noexcept;

  // The index of the first brand (in the order of the configuration) that the mention names or addresses; not: by thread.
  // Never allocates in steady state. Not for two threads at once.
  std::optional<std::uint32_t> match(const MentionView& mention) noexcept;

  // Is `author` (id or handle) one of the accounts of any brand?
  std::optional<std::uint32_t> brand_of_account(std::string_view id, std::string_view handle) const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brandwacht::text
