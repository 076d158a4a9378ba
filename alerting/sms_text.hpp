// What fits into text messages. A message of more than one segment is paid and sent by segment, and
// one letter outside of the GSM alphabet makes all of them shorter.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brandwacht::alerting {

// Segments of 160 septets (153 where there are several) in the GSM 03.38 alphabet, else of 70
// UTF-16 units (67). A pair (an escaped letter, a surrogate) is not torn. 0 for no text.
std::size_t sms_segments(std::string_view text);

// Letters that the GSM alphabet has in another form: "…", quotes, dashes, ë. What it has not at all
// stays, and costs UTF-16.
std::string sms_plain(std::string_view text);

struct SmsParts {
  std::string headline;            // cut where nothing else helps
  std::vector<std::string> lines;  // as many as fit, the most needed first
  std::vector<std::string> tail;   // how to answer, the link: always there, and whole
};

// At most `segments` segments, unless the tail alone is longer.
std::string sms_fit(const SmsParts& parts, std::size_t segments);

}  // namespace brandwacht::alerting
