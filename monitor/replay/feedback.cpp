#include "monitor/replay/feedback.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <optional>

namespace brandwacht::replay {
namespace {

// "bw-<16 hex digits>-<episode>": the thread.
std::optional<std::uint64_t> thread_of(std::string_view incident) {
  constexpr std::size_t kDigits = 16;
  if (!incident.starts_with("bw-") || incident.size() < 3 + kDigits) return std::nullopt;
  std::uint64_t key = 0;
  const char* const begin = incident.data() + 3;
  const auto [at, error] = std::from_chars(begin, begin + kDigits, key, 16);
  if (error != std::errc{} || at != begin + kDigits) return std::nullopt;
  return key;
}

std::optional<Opinion> opinion_of(std::string_view word) {
  if (word == "useful") return Opinion::useful;
  if (word == "not_useful") return Opinion::not_useful;
  if (word == "too_late") return Opinion::too_late;
  return std::nullopt;
}

std::string take(std::string_view line, simdjson::dom::parser& parser, Feedback& feedback) {
  simdjson::dom::element object;
  std::string_view incident, word;
  if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS)
    return "is no JSON object";
  if (object["incident"].get(incident) != simdjson::SUCCESS) return "has no \"incident\"";
  if (object["feedback"].get(word) != simdjson::SUCCESS) return "has no \"feedback\"";
  const auto thread = thread_of(incident);
  if (!thread) return "has an incident that is not of the form \"bw-<16 hex digits>-<number>\"";
  const auto opinion = opinion_of(word);
  if (!opinion) return "has another feedback than useful, not_useful or too_late";
  feedback[*thread] = *opinion;
  return {};
}

}  // namespace

ParsedFeedback parse_feedback(std::string_view ndjson) {
  constexpr std::size_t kMostFaults = 10;
  ParsedFeedback out;
  simdjson::dom::parser parser;
  for (int number = 1; !ndjson.empty(); ++number) {
    const auto end = std::min(ndjson.find('\n'), ndjson.size());
    const auto line = ndjson.substr(0, end);
    ndjson.remove_prefix(std::min(end + 1, ndjson.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string fault = take(line, parser, out.feedback);
    if (!fault.empty() && out.faults.size() < kMostFaults)
      out.faults.push_back(fmt::format("{}: the line {}", number, fault));
  }
  return out;
}

}  // namespace brandwacht::replay
