// Words of a configuration as they may be shown in a message.
#pragma once
#include <string>
#include <string_view>

namespace brandwacht::config {

// 'text', with control characters escaped and cut after 60 code points: a key or a value of the
// file may hold anything.
std::string in_quotes(std::string_view text);

}  // namespace brandwacht::config
