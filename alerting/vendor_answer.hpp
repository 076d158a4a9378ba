// A vendor's JSON answer, read by JSON pointers ("/parameters/retry_after"). What is absent or of
// another type is empty: answers are read for what they may say, never trusted to say it.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace brandwacht::alerting {

class VendorAnswer {
 public:
  explicit VendorAnswer(std::string_view body);
  ~VendorAnswer();
  VendorAnswer(const VendorAnswer&) = delete;
  VendorAnswer& operator=(const VendorAnswer&) = delete;

  bool is_object() const;  // false: no JSON, or something else
  std::string text(std::string_view pointer) const;
  std::optional<std::int64_t> integer(std::string_view pointer) const;
  std::optional<double> number(std::string_view pointer) const;
  std::optional<bool> flag(std::string_view pointer) const;

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

}  // namespace brandwacht::alerting
