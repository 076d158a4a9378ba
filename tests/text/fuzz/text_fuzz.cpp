// Any bytes through everything that reads a post or a reply, under libFuzzer: nothing is read or
// written out of bounds, every number is a probability, the parts of an explanation add up, and
// redaction leaves no private data that can be found again. Built with clang by
// tests/text/fuzz/run.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "monitor/text/private_data.hpp"
#include "monitor/text/redact.hpp"
#include "monitor/text/reply_check.hpp"
#include "monitor/text/scorer.hpp"

using namespace brandwacht::text;

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

DeskDay amsterdam() {
  DeskDay desk;
  desk.calendar.zone = *brandwacht::Zone::find("Europe/Amsterdam");
  desk.calendar.holidays.country = brandwacht::Country::nl;
  return desk;
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

  // As if it were the desk's answer, on the night of the clock change.
  static const DeskDay desk = amsterdam();
  static const brandwacht::Time now = *brandwacht::parse_rfc3339("2026-10-25T00:59:30Z");
  const ReplyCheck reply = check_reply(text, now, desk, declared);
  demand(reply.promise.begin <= reply.promise.end && reply.promise.end <= text.size());
  demand(!reply.promise.by || *reply.promise.by > now);
  for (const Evidence& one : reply.evidence)
    demand(one.begin <= one.end && one.end <= text.size());
  (void)removal_reason(text);
  (void)objects_to_deletion(text);
  return 0;
}
