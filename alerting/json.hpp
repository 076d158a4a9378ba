// Writes JSON.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "alerting/cut.hpp"

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
  JsonWriter& null();

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

}  // namespace brandwacht::alerting
