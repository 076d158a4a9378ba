#include "monitor/replay/tune_words.hpp"

#include <fmt/format.h>

#include <cmath>

#include "monitor/line/contribution_words.hpp"

namespace brandwacht::replay {
namespace {

std::string number(double value) {
  return fmt::format("{:.1f}", value);
}

std::string count_of(std::optional<double> part, int of, int all) {
  if (!part) return "-";
  return fmt::format("{} ({}/{})", percent(part), of, all);
}

std::string quartiles(DeskLanguage language, const Quartiles& lead_times) {
  if (lead_times.count == 0) return "-";
  return fmt::format("{} / {} / {}", lead(language, lead_times.low),
                     lead(language, lead_times.middle), lead(language, lead_times.high));
}

// Of the whole recording, when the model is fitted to its first half and C is half of the rest.
double recording_weeks(double per_week) {
  return std::ceil(weeks_needed(per_week) / ((1 - kFitPart) / 2));
}

}  // namespace

std::string_view say(DeskLanguage language, std::string_view english, std::string_view dutch) {
  return language == DeskLanguage::nl ? dutch : english;
}

std::string percent(std::optional<double> part) {
  return part ? fmt::format("{:.0f} %", *part * 100) : "-";
}

std::string lead(DeskLanguage language, Duration time) {
  if (time >= Duration{}) return line::span(language, time);
  return fmt::format("{} {}", line::span(language, -time), say(language, "too late", "te laat"));
}

std::string when(Time at) {
  std::string text = format_rfc3339(at).substr(0, 16);
  text[10] = ' ';
  return text;
}

std::string in_one_sentence(DeskLanguage language, const TuneSettings& settings,
                            const TuneResult& result) {
  const Figures& found = result.after;
  const std::string budget = to_string(settings.budget);
  if (found.found == 0)
    return fmt::format(
        fmt::runtime(say(language, "At {} you would have been paged for none of the {} incidents.",
                         "Met {} zou u voor geen van de {} incidenten zijn opgeroepen.")),
        budget, found.incidents);
  const bool late = found.lead.middle < Duration{};
  return fmt::format(
      fmt::runtime(say(
          language,
          "At {} you would have been paged for {} of {} incidents, median {} {} {} people had "
          "joined.",
          "Met {} zou u zijn opgeroepen voor {} van de {} incidenten, mediaan {} {} er {} mensen "
          "meededen.")),
      budget, found.found, found.incidents,
      line::span(language, late ? -found.lead.middle : found.lead.middle),
      late ? say(language, "after", "nadat") : say(language, "before", "voordat"),
      settings.outcome.critics);
}

std::vector<std::string> cautions(DeskLanguage language, const TuneSettings& settings,
                                  const TuneResult& result) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view english, std::string_view dutch, const auto&... values) {
    out.push_back(fmt::format(fmt::runtime(say(language, english, dutch)), values...));
  };
  const double weeks = Block{settings.blocks.a.from, settings.end}.weeks();
  const int critics = settings.outcome.critics;
  if (result.verdict == Verdict::too_short)
    add("The recording is too short for {}: block C, on which the threshold is chosen, must last "
        "{:.1f} weeks "
        "and lasts {:.1f}; the recording has {:.1f} weeks and would need {:.0f}.",
        "De opname is te kort voor {}: blok C, waarop de drempel wordt gekozen, moet {:.1f} weken "
        "duren en "
        "duurt {:.1f}; de opname heeft {:.1f} weken en heeft er {:.0f} nodig.",
        to_string(settings.budget), weeks_needed(settings.budget.per_week()),
        settings.blocks.c.weeks(), weeks, recording_weeks(settings.budget.per_week()));
  if (result.verdict == Verdict::no_incidents)
    add("In blocks C and D no thread reached {} critics within {}: there is nothing to page for "
        "and nothing to "
        "tune to. The thresholds stay as they are.",
        "In de blokken C en D kwam geen gesprek tot {} critici binnen {}: er is niets om voor op "
        "te roepen en "
        "niets om op af te stellen. De drempels blijven zoals ze zijn.",
        critics, line::span(language, settings.outcome.within));
  if (result.verdict == Verdict::one_block)
    add("All {} incidents lie in block {}, from {} to {}: a threshold that is chosen on them "
        "cannot be judged on "
        "others. Record longer. The thresholds stay as they are.",
        "Alle {} incidenten liggen in blok {}, van {} tot {}: een drempel die daarop gekozen "
        "wordt, is op geen "
        "andere te beoordelen. Neem langer op. De drempels blijven zoals ze zijn.",
        result.incidents_c + result.incidents_d, result.incidents_c > 0 ? "C" : "D",
        when(result.incidents_c > 0 ? settings.blocks.c.from : settings.blocks.d.from),
        when(result.incidents_c > 0 ? settings.blocks.c.to : settings.blocks.d.to));
  if (!settings.line.threads.model || !settings.line.threads.model->calibrated)
    add("The model is not calibrated to this desk: its risks are in the right order at best.",
        "Het model is niet op deze desk gekalibreerd: de risico's staan hooguit in de goede "
        "volgorde.");
  if (result.verdict != Verdict::good) return out;
  if (result.over_budget)
    add("There are more incidents than pages: {:.1f} a week against {}. No threshold can page for "
        "all of them.",
        "Er zijn meer incidenten dan oproepen: {:.1f} per week tegen {}. Geen drempel kan voor "
        "alle oproepen.",
        result.after.incidents / result.after.weeks, to_string(settings.budget));
  if (!result.page.within)
    add("Even the highest threshold pages more often than {} in block C: what is left are threats, "
        "private data, and surges of the brand as a whole ([surge] threshold). The thresholds stay "
        "as they are.",
        "Zelfs de hoogste drempel roept in blok C vaker op dan {}: wat overblijft zijn "
        "bedreigingen, privégegevens en golven over het hele merk ([surge] threshold). De drempels "
        "blijven zoals ze zijn.",
        to_string(settings.budget));
  if (result.repage_factor > 0)
    add("repage_factor {:g}: with fewer repeats about one and the same incident the budget reaches "
        "further.",
        "repage_factor {:g}: met minder herhalingen over hetzelfde incident komt het budget "
        "verder.",
        result.repage_factor);
  if (result.page.within && result.page.theta <= 0.0105)
    add("The budget is larger than this recording can spend: the threshold is at its lowest.",
        "Het budget is groter dan deze opname kan besteden: de drempel is zo laag als hij kan.");
  if (result.after.incidents < 10)
    add("Block D has {} incidents only, so the percentages are rough.",
        "Blok D heeft maar {} incidenten, dus de percentages zijn grof.", result.after.incidents);
  if (!result.night.tried.empty() && result.night.theta > result.page.theta)
    add("At night this threshold alone would page more often than {}; from a risk of {:.3f} on it "
        "would not. "
        "[budget] night lets the rest wait for the morning.",
        "'s Nachts zou deze drempel alleen vaker oproepen dan {}; vanaf een risico van {:.3f} "
        "niet. "
        "[budget] night laat de rest tot de ochtend wachten.",
        to_string(settings.night), result.night.theta);
  return out;
}

std::vector<FigureRow> figure_rows(DeskLanguage language, const Figures& before,
                                   const Figures& after) {
  std::vector<FigureRow> rows;
  const auto add = [&](std::string_view english, std::string_view dutch, const auto& shown) {
    rows.push_back({std::string{say(language, english, dutch)}, shown(before), shown(after)});
  };
  using F = const Figures&;
  add("pages a week", "oproepen per week", [](F f) { return number(f.per_week()); });
  add("worst week", "drukste week", [](F f) { return fmt::format("{}", f.worst_week); });
  add("pages at night", "oproepen 's nachts", [](F f) { return fmt::format("{}", f.night_pages); });
  add("precision", "precisie",
      [](F f) { return count_of(f.precision(), f.right, f.threads_paged); });
  add("recall", "gevonden", [](F f) { return count_of(f.recall(), f.found, f.incidents); });
  add("early recall", "op tijd gevonden",
      [](F f) { return count_of(f.early_recall(), f.early, f.incidents); });
  add("lead time p25 / p50 / p75", "voorsprong p25 / p50 / p75",
      [&](F f) { return quartiles(language, f.lead); });
  add("pages per incident", "oproepen per incident", [](F f) {
    const auto ratio = f.pages_per_incident();
    return ratio ? number(*ratio) : "-";
  });
  add("notices a week", "meldingen per week",
      [](F f) { return f.weeks > 0 ? number(f.notices / f.weeks) : "-"; });
  return rows;
}

std::string reliability_sentence(DeskLanguage language, const Calibrated& at) {
  std::string text =
      fmt::format(fmt::runtime(say(language,
                                   "In block D a thread went on to 30 more critics in {} of {} "
                                   "rows. Brier {:.4f} against {:.4f} and log "
                                   "loss {:.4f} against {:.4f} of the base rate: {}.",
                                   "In blok D kwamen er nog 30 critici in {} van de {} rijen. "
                                   "Brier {:.4f} tegen {:.4f} en log loss {:.4f} "
                                   "tegen {:.4f} van het basispercentage: {}.")),
                  at.grew, at.rows, at.brier, at.base_brier, at.log_loss, at.base_log_loss,
                  at.brier < at.base_brier ? say(language, "better than knowing the average only",
                                                 "beter dan alleen het gemiddelde kennen")
                                           : say(language, "no better than knowing the average",
                                                 "niet beter dan het gemiddelde kennen"));
  if (at.pr_auc)
    text += fmt::format(fmt::runtime(say(language, " PR-AUC over threads {:.2f}, by chance {:.3f}.",
                                         " PR-AUC over gesprekken {:.2f}, bij toeval {:.3f}.")),
                        *at.pr_auc, at.base_rate);
  return text;
}

std::string desk_sentence(DeskLanguage language, const DeskFigures& desk) {
  return fmt::format(
      fmt::runtime(say(language,
                       "By what the desk said: {} of {} rated pages were wanted ({} useful, {} too "
                       "late, {} not useful), and {} "
                       "of the {} threads that it wanted were paged.",
                       "Volgens de desk: {} van de {} beoordeelde oproepen waren gewenst ({} "
                       "nuttig, {} te laat, {} niet "
                       "nuttig), en voor {} van de {} gewenste gesprekken was er een oproep.")),
      desk.useful + desk.too_late, desk.rated, desk.useful, desk.too_late, desk.not_useful,
      desk.found, desk.wanted);
}

std::vector<FigureRow> weeks_rows(DeskLanguage language) {
  std::vector<FigureRow> rows;
  for (const double per_week : {0.5, 1.0, 2.0, 4.0})
    rows.push_back({fmt::format("{:g}{}", per_week, say(language, "/week", "/week")),
                    number(weeks_needed(per_week)),
                    fmt::format("{:.0f}", recording_weeks(per_week))});
  return rows;
}

}  // namespace brandwacht::replay
