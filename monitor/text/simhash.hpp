// What a post is about and of which other it is a copy, as hashes. Pure functions of the text; no
// allocation. Both are the same on every machine and in every version, so that they may be stored.
#pragma once
#include <string_view>

#include "monitor/signature.hpp"

namespace brandwacht::text {

struct Tokens;

// Words and pairs of neighbours vote on each bit (Charikar 2002). Case, accents, punctuation,
// emoji, links, @names and the digits of a number do not matter. 0: fewer than kMinWords words,
// because "wat een zooi" twice is two people and not a copy.
inline constexpr int kMinWords = 4;
SimHash simhash(std::string_view text) noexcept;
SimHash simhash(const Tokens& tokens) noexcept;  // of a text that is cut already

// The same, and the terms that a topic is told by. A word of six letters and more counts by its
// first five and its last six, without its ending: "betaalstoring", "storingen" and "betalen" meet.
// Words of one matter in either language ("storing", "outage", "offline") have a term in common.
Signature signature(std::string_view text) noexcept;

}  // namespace brandwacht::text
