// What the model says of a post, each a column of its table. Internal to the text folder.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace brandwacht::text {

enum class Output : std::uint8_t {
  negative,  // one more critic
  positive,
  anger,
  complaint,
  abuse,
  threat,
  hate,
  spam,
  call_to_action,
  concrete,
  joins,      // "same here"
  grievance,  // complaint as public sets label it
  sentiment,  // negative feeling about whatever; public sets label this
  service,    // to or about a company, as opposed to chatter: decides which of the two counts
  nl,         // the language; neither: another one
  en,
};
inline constexpr std::size_t kOutputs = 16;
inline constexpr std::array<std::string_view, kOutputs> kOutputNames = {
    "negative",       "positive", "anger", "complaint", "abuse",     "threat",  "hate", "spam",
    "call_to_action", "concrete", "joins", "grievance", "sentiment", "service", "nl",   "en"};
constexpr std::size_t index(Output output) noexcept {
  return static_cast<std::size_t>(output);
}

}  // namespace brandwacht::text
