// Cuts text to what a vendor takes, in the unit that the vendor counts in.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace brandwacht::alerting {

enum class Unit : std::uint8_t {
  code_points,  // PagerDuty, Pushover
  utf16,        // Telegram, Slack: what is above U+FFFF counts two
  bytes,        // ntfy, Teams: of UTF-8
};

// How much fits.
struct Room {
  std::size_t limit = 0;
  Unit unit = Unit::code_points;
};

std::size_t length(std::string_view text, Unit unit) noexcept;

// At most `limit` code points; what was cut is marked with "…" (which counts). Never cuts inside a
// code point. Bytes that are no UTF-8 count as one each.
std::string cut_code_points(std::string_view text, std::size_t limit);

// The same by bytes ("…" is three).
std::string cut_bytes(std::string_view text, std::size_t limit);

// The same by the room's unit.
std::string cut(std::string_view text, Room room);

// One line for a log or an error: control characters become spaces, at most `limit` code points.
std::string one_line(std::string_view text, std::size_t limit = 200);

// Every byte that is no UTF-8 becomes U+FFFD, as in JsonWriter: so that what is measured is what is
// sent.
std::string valid_utf8(std::string_view text);

}  // namespace brandwacht::alerting
