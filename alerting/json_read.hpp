// Reads back what JsonWriter wrote into the store. Each reader takes the value whose key was
// matched; false: a wrong type, so the text is not ours. Internal to the sources that decode.
#pragma once
#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht::alerting::json_read {

namespace od = simdjson::ondemand;

inline bool read(od::value value, std::string& out) {
  std::string_view text;
  if (value.get_string().get(text)) return false;
  out = text;
  return true;
}
inline bool read(od::value value, bool& out) {
  return !value.get_bool().get(out);
}
inline bool read(od::value value, int& out) {
  std::int64_t number = 0;
  if (value.get_int64().get(number)) return false;
  out = static_cast<int>(number);
  return true;
}
inline bool read(od::value value, Time& out) {
  std::int64_t count = 0;
  if (value.get_int64().get(count)) return false;
  out = Time{Duration{count}};
  return true;
}
inline bool read(od::value value, std::vector<std::string>& out) {
  od::array array;
  if (value.get_array().get(array)) return false;
  for (auto item : array) {
    std::string_view text;
    if (item.get_string().get(text)) return false;
    out.emplace_back(text);
  }
  return true;
}

// Calls `each(key, value)` for all fields; false when it does or the object is damaged.
template <class Each>
bool for_fields(od::object object, Each each) {
  for (auto field : object) {
    std::string_view key;
    od::value value;
    if (field.unescaped_key().get(key) || field.value().get(value)) return false;
    if (!each(key, value)) return false;
  }
  return true;
}

// One whole text that must be an object.
template <class Each>
bool for_fields_of(std::string_view json, Each each) {
  od::parser parser;
  const simdjson::padded_string padded(json);
  od::document document;
  od::object object;
  if (parser.iterate(padded).get(document) || document.get_object().get(object)) return false;
  return for_fields(object, each);
}

}  // namespace brandwacht::alerting::json_read
