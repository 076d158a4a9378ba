// check_reply() with lists of one's own, for tests and for tuning them. Internal to the text
// folder.
#pragma once
#include "monitor/text/phrases.hpp"
#include "monitor/text/reply_check.hpp"

namespace brandwacht::text {

ReplyCheck check_reply(const PhraseLists& lists, std::string_view text, Time now,
                       const DeskDay& desk, std::string_view declared = {});

}  // namespace brandwacht::text
