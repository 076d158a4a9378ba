// What the model says of a post, each a column of its table. Internal to the text folder.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace brandwacht::text {

// In groups of four, which training steps together: a text of one kind moves few of them.
enum class Output : std::uint8_t {
  // What a score shows, as posts to and about companies say it.
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
  joins,  // "same here"
  irony,  // not shown; in training the others may lean on it
  // The same in texts of another kind, where other words say it.
  open_negative,  // negative feeling about whatever
  open_positive,
  open_anger,
  open_complaint,
  open_abuse,
  open_hate,
  review_negative,
  review_positive,
  // Which kind it is: log odds against the open kind.
  desk,
  review,
  nl,  // the language; neither: another one
  en,
};
inline constexpr std::size_t kShown = 11;
inline constexpr std::size_t kNamed = 24;
// Columns of a row: as many as let two rows go into a line of 64 bytes. The last ones are unused.
inline constexpr std::size_t kOutputs = 28;
inline constexpr std::array<std::string_view, kNamed> kOutputNames = {"negative",
                                                                      "positive",
                                                                      "anger",
                                                                      "complaint",
                                                                      "abuse",
                                                                      "threat",
                                                                      "hate",
                                                                      "spam",
                                                                      "call_to_action",
                                                                      "concrete",
                                                                      "joins",
                                                                      "irony",
                                                                      "open_negative",
                                                                      "open_positive",
                                                                      "open_anger",
                                                                      "open_complaint",
                                                                      "open_abuse",
                                                                      "open_hate",
                                                                      "review_negative",
                                                                      "review_positive",
                                                                      "desk",
                                                                      "review",
                                                                      "nl",
                                                                      "en"};
constexpr std::size_t index(Output output) noexcept {
  return static_cast<std::size_t>(output);
}

// Kinds of texts. Each has its own column for what it says in its own way.
enum class Domain : std::uint8_t { desk, open, review };
inline constexpr std::size_t kDomains = 3;
constexpr std::size_t column_of(std::size_t shown, Domain domain) noexcept {
  constexpr std::size_t kOpen[] = {index(Output::open_negative), index(Output::open_positive),
                                   index(Output::open_anger),    index(Output::open_complaint),
                                   index(Output::open_abuse),    index(Output::threat),
                                   index(Output::open_hate)};
  if (domain == Domain::open && shown < std::size(kOpen)) return kOpen[shown];
  if (domain == Domain::review && shown == index(Output::negative))
    return index(Output::review_negative);
  if (domain == Domain::review && shown == index(Output::positive))
    return index(Output::review_positive);
  return shown;
}

}  // namespace brandwacht::text
