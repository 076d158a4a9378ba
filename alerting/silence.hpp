// "Do not page about this until ...": with an author and a reason. An end always passes a silence,
// so that nothing stays open at a vendor whose trigger went out before. What is still open when a
// silence ends is told then.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "alerting/matchers.hpp"
#include "monitor/time.hpp"

namespace brandwacht::alerting {

struct Silence {
  std::string id;  // "s-" and 16 hex digits; empty: not yet given
  Matchers match;
  Time from{}, until{};  // [from, until)
  std::string author, comment;
  Time created{};

  bool holds(Time now) const noexcept { return from <= now && now < until; }
};

std::string encode(const Silence& silence);  // JSON
std::optional<Silence> decode_silence(std::string_view json);

}  // namespace brandwacht::alerting
