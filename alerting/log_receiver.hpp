// Writes pages to the log, or gives them to a function: for a desk without a pager, for the demo,
// for tests.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct LogSettings {
  bool posts =
      false;  // also the text of posts. They stay in the log when their author deletes them.
};

LogSettings read_log(config::Section& section);

// `text` is what would reach a phone, posts included.
using PrintPage = std::function<void(const Page& page, std::string_view text)>;

// Without `print`: to spdlog, a page as a warning and the rest as information.
std::unique_ptr<Notifier> make_log(std::string name, LogSettings settings,
                                   const NotifierContext& context, PrintPage print = {});

}  // namespace brandwacht::alerting
