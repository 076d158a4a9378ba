// The learnt half of the reply check: twelve linear models over a reply's words and what the phrase
// lists found, in a file of the same form as the text model's (model.hpp). Pure. Internal to the
// text folder.
#pragma once
#include <array>
#include <cstddef>
#include <utility>

#include "monitor/text/model.hpp"
#include "monitor/text/reply_features.hpp"

namespace brandwacht::text {

inline constexpr std::size_t kLargestReplyModel = std::size_t{512} << 10;  // bytes

// The model of the program.
const Model& shipped_reply_model() noexcept;

struct ReplyOdds {
  std::array<float, kReplyLabels> odds{};        // above zero: yes
  std::array<std::size_t, kReplyLabels> best{};  // the sentence that says it most
};
ReplyOdds reply_odds(const Model& model, const ReplyText& reply);

// Several sentences' log odds of a label as one.
float pooled(const float* odds, std::size_t count, std::size_t stride) noexcept;

// The run of words in a sentence that speaks most for a label, as bytes of the reply. Empty: none
// does.
std::pair<std::size_t, std::size_t> strongest_words(const Model& model, const ReplyText& reply,
                                                    const ReplySentence& sentence,
                                                    std::size_t label);

}  // namespace brandwacht::text
