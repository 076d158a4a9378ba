// The report on a tuning: one HTML file without scripts and without anything to load, for a screen,
// a phone or paper, light or dark. Dutch or English. Pure; text of posts in it is redacted already.
#pragma once
#include <string>

#include "monitor/replay/tune_words.hpp"

namespace brandwacht::replay {

struct ReportInput {
  const TuneSettings& settings;
  const TuneResult& result;
  DeskLanguage language = DeskLanguage::en;
  std::string diff;  // of the configuration, unified; empty: nothing changes
};
std::string report_html(const ReportInput& input);

// Its plots, each one <svg>; empty where there is nothing to show.
std::string plot_pages(const ReportInput& input);        // theta against pages a week
std::string plot_recall(const ReportInput& input);       // theta against early recall, precision
std::string plot_reliability(const ReportInput& input);  // what was said against what happened
std::string plot_weeks(const ReportInput& input);        // pages over time
std::string plot_leads(const ReportInput& input);        // lead times

}  // namespace brandwacht::replay
