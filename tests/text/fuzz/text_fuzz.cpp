// Any bytes through everything that reads a post, under libFuzzer: nothing is read or written out
// of bounds, every number is a probability, the parts of an explanation add up, and redaction
// leaves no private data that can be found again. Built with clang by tests/text/fuzz/run.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "monitor/text/private_data.hpp"
#include "monitor/text/redact.hpp"
#include "monitor/text/scorer.hpp"

using namespace brandwacht::text;

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The first byte chooses the declared language.
  constexpr std::string_view kDeclared[] = {"", "nl", "en-GB", "de"};
  const std::string_view declared = kDeclared[size > 0 ? data[0] % 4 : 0];
  const std::string_view text(reinterpret_cast<const char*>(data) + (size > 0), size - (size > 0));

  const Score one = score(text, declared);
  for (const auto& [name, p] : probabilities(one))
    demand(p > 0 && p < 1);  // false for NaN too

  const Explanation why = explain(text, declared);
  double sum = why.base;
  for (const Contribution& part : why.parts) {
    demand(part.begin <= part.end && part.end <= text.size());
    sum += part.weight;
  }
  const auto shown = static_cast<double>(one.negative);
  demand(why.score.negative == one.negative);
  demand(std::abs(sum - std::log(shown / (1 - shown))) < 1e-6);

  const std::string shown_text = redact(text);
  demand(find_private(shown_text).empty());
  demand(redact(shown_text) == shown_text);
  return 0;
}
