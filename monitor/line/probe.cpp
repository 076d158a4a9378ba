#include "monitor/line/probe.hpp"

#include <fmt/format.h>

#include <string>

#include "monitor/line/line.hpp"

namespace brandwacht::line {
namespace {

constexpr std::string_view kTerm = "brandwachtprobe";
// An account number in a brand's own post pages at once, which no single other post does. This one
// is the example of the banks' own papers and nobody's.
constexpr std::string_view kText = "brandwachtprobe NL91 ABNA 0417 1643 00";

// Ends with its scope, whatever is thrown in it.
struct While {
  explicit While(bool& flag) : flag_(flag) { flag_ = true; }
  ~While() { flag_ = false; }
  While(const While&) = delete;
  While& operator=(const While&) = delete;
  bool& flag_;
};

}  // namespace

text::BrandTerms probe_brand() {
  text::BrandTerms out;
  out.name = kProbeBrand;
  out.terms = {std::string(kTerm)};
  return out;
}

bool Line::probe(Time now) {
  if (settings_.brands.empty() || settings_.brands.back().name != kProbeBrand) return false;
  // Another thread each time: what was decided of the last one is of no account.
  const std::string id = fmt::format("probe-{}", now.time_since_epoch().count());
  MentionView post;
  post.platform = kProbeBrand;
  post.id = post.thread = id;
  post.author = post.author_name = kProbeBrand;
  post.text = kText;
  post.created_at = post.received_at = now;
  post.official = true;
  const Stats before = stats_;
  {
    const While probing(probing_);
    process(post, now);
  }
  table_.forget(post.key());
  stats_ = before;
  return true;
}

}  // namespace brandwacht::line
