// One contribution to the risk in plain words, Dutch or English. Pure.
#pragma once
#include <string>

#include "monitor/line/words.hpp"

namespace brandwacht::line {

inline bool dutch(DeskLanguage language) {
  return language == DeskLanguage::nl;
}
std::string span(DeskLanguage language, Duration duration);  // "47 min", "1 u 5 min"
std::string critics(DeskLanguage language, int count);       // "1 criticus"
std::string joined(DeskLanguage language, const thread::Belief& belief, Time now);

// The fact behind the weight, and where the fact alone does not tell which way it points, the way.
std::string contribution_words(DeskLanguage language, const thread::Contribution& what,
                               const thread::Belief& belief, Time now);

}  // namespace brandwacht::line
