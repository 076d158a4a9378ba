// The reply check in its parts, for training its model and for tuning the lists. Internal to the
// text folder.
#pragma once
#include <cstdint>

#include "monitor/text/phrases.hpp"
#include "monitor/text/reply_check.hpp"
#include "monitor/text/reply_features.hpp"
#include "monitor/text/reply_model.hpp"

namespace brandwacht::text {

// What the phrase lists alone say, and what the model is to see of it. `text` views the reply.
struct ReplyReading {
  ReplyCheck check;
  ReplyText text;
};
ReplyReading read_reply(const PhraseLists& lists, std::string_view text, Time now,
                        const DeskDay& desk, std::string_view declared = {});
// The twelve answers of a check, bits of kReplyLabelNames.
std::uint32_t answers(const ReplyCheck& check) noexcept;
// Lets the model decide, in the languages that it knows. `words` says which words speak for what
// only it sees; nullptr: nobody asks.
void decide(const Model* words, const ReplyOdds& odds, ReplyReading& reading);

ReplyCheck check_reply(const PhraseLists& lists, const Model& model, std::string_view text,
                       Time now, const DeskDay& desk, std::string_view declared = {});

}  // namespace brandwacht::text
