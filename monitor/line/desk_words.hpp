// What a page says beyond its own thread: a surge, its other threads, rules, budgets, what was not
// seen. Dutch or English. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/line/groups.hpp"
#include "monitor/line/words.hpp"
#include "monitor/thread/budget.hpp"

namespace brandwacht::line {

// How much of the last hours the sources let us see.
struct Coverage {
  double share = 1;                 // of the last six hours, the worst source
  std::vector<std::string> silent;  // sources that should have brought something and do not
};

std::string surge_title(DeskLanguage language, std::string_view brand, const Group& group,
                        Time now);
std::vector<Reason> surge_reasons(DeskLanguage language, const Group& group, Time now);

// nullopt: nothing to add.
std::optional<std::string> why_words(DeskLanguage language, const thread::Decision& decision);
std::optional<std::string> budget_words(DeskLanguage language, thread::PageReason reason,
                                        const thread::BudgetSettings& budget);
std::optional<std::string> threads_words(DeskLanguage language, const Group& group);
std::optional<std::string> coverage_words(DeskLanguage language, const Coverage& coverage);

}  // namespace brandwacht::line
