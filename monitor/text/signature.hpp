// Who signs a reply? Internal to the text folder.
#pragma once
#include <string>
#include <string_view>

#include "monitor/text/phrases.hpp"

namespace brandwacht::text {

// The name at the end of `text`: behind "^", "-", "/" or a closing formula of [closing] in one of
// the lists, or alone behind the last sentence ("... terug. Noor"). Empty: nobody signs. Without
// titles of a department ("Petra van de schadeafdeling" is Petra), kisses and emoji.
std::string signature_of(std::string_view text, const Words& words, const PhraseLists& lists);

}  // namespace brandwacht::text
