// What tuning found, in Dutch or English: the same words on the terminal and in the report. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "monitor/line/words.hpp"
#include "monitor/replay/tune.hpp"

namespace brandwacht::replay {

using line::DeskLanguage;

// English or Dutch, by the desk's language.
std::string_view say(DeskLanguage language, std::string_view english, std::string_view dutch);

std::string percent(std::optional<double> part);  // "82 %"; "-" where there is nothing to divide by
std::string lead(DeskLanguage language, Duration lead);  // "41 min"; "12 min too late"
std::string when(Time at);                               // "2026-05-25 14:23" UTC

// "At 2/week you would have been paged for 9 of 11 incidents, median 41 min before 30 people had
// joined."
std::string in_one_sentence(DeskLanguage language, const TuneSettings& settings,
                            const TuneResult& result);
// Why there are no numbers, or what to know before they are believed; one sentence each.
std::vector<std::string> cautions(DeskLanguage language, const TuneSettings& settings,
                                  const TuneResult& result);

struct FigureRow {
  std::string name, before, after;
};
std::vector<FigureRow> figure_rows(DeskLanguage language, const Figures& before,
                                   const Figures& after);
std::string reliability_sentence(DeskLanguage language, const Calibrated& calibrated);
std::string desk_sentence(DeskLanguage language, const DeskFigures& desk);
// How long a recording each budget asks for, as lines of a table.
std::vector<FigureRow> weeks_rows(DeskLanguage language);

}  // namespace brandwacht::replay
