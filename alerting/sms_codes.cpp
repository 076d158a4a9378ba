#include "alerting/sms_codes.hpp"

#include <charconv>

#include "monitor/hash.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::uint64_t kFirst = 1000, kCount = 9000;

}  // namespace

int sms_code(std::string_view incident) noexcept {
  return static_cast<int>(kFirst + hash_bytes(incident) % kCount);
}

std::optional<std::string> incident_of_sms_code(std::string_view code,
                                                std::span<const Incident> open) {
  int wanted = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), wanted);
  if (error != std::errc{} || end != code.data() + code.size()) return {};
  std::optional<std::string> out;
  for (const Incident& incident : open) {
    if (sms_code(incident.id) != wanted) continue;
    if (out) return {};
    out = incident.id;
  }
  return out;
}

}  // namespace brandwacht::alerting
