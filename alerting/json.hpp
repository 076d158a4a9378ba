// Writes JSON, and cuts text to the limits that pager vendors set.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace brandwacht::alerting {

// Appends to one string; puts the commas. The caller opens and closes in order. Invalid UTF-8
// becomes U+FFFD, a number that JSON cannot write (infinite, not a number) becomes 0.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view value);
  JsonWriter& number(double value);  // the shortest text that reads back as the same number
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);

  // A name and its value. A template, because a string literal would rather become a bool than a
  // string_view.
  template <class T>
  JsonWriter& field(std::string_view name, const T& value) {
    key(name);
    if constexpr (std::is_same_v<T, bool>)
      return boolean(value);
    else if constexpr (std::is_integral_v<T>)
      return integer(static_cast<std::int64_t>(value));
    else if constexpr (std::is_floating_point_v<T>)
      return number(value);
    else
      return string(value);
  }

  const std::string& text() const& { return out_; }
  std::string text() && { return std::move(out_); }

 private:
  void separate();

  std::string out_;
  bool need_comma_ = false;
};

// At most `limit` code points; what was cut is marked with "…" (which counts). Never cuts inside a
// code point. Bytes that are no UTF-8 count as one each.
std::string cut_code_points(std::string_view text, std::size_t limit);

// The same by bytes ("…" is three).
std::string cut_bytes(std::string_view text, std::size_t limit);

// One line for a log or an error: control characters become spaces, at most `limit` code points.
std::string one_line(std::string_view text, std::size_t limit = 200);

}  // namespace brandwacht::alerting
