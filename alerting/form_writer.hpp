// application/x-www-form-urlencoded, as several vendors want it. Only unreserved characters stay as
// they are (RFC 3986); a space becomes %20, which all of them take.
#pragma once
#include <string>
#include <string_view>

namespace brandwacht::alerting {

std::string percent_encode(std::string_view text);

class FormWriter {
 public:
  FormWriter& field(std::string_view name, std::string_view value);
  FormWriter& field(std::string_view name, long long value);

  const std::string& text() const& { return out_; }
  std::string text() && { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace brandwacht::alerting
