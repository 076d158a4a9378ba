#include "monitor/daemon/tune_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "monitor/daemon/terminal.hpp"

namespace brandwacht::daemon {
namespace {

using replay::say;
constexpr std::size_t kWidth = 100, kName = 28, kValue = 32;

std::string figures(const replay::ReportInput& input) {
  const auto language = input.language;
  std::string out = fmt::format("{}{}{}\n", fit(say(language, "On block D", "Op blok D"), kName),
                                fit(say(language, "as it is", "zoals het is"), kValue),
                                say(language, "tuned", "afgesteld"));
  for (const auto& row : replay::figure_rows(language, input.result.before, input.result.after))
    out += fmt::format("{}{}{}\n", fit(row.name, kName), fit(row.before, kValue), row.after);
  return out;
}

// Nine of the points, and where the chosen one lies among them.
std::string curve(const replay::ReportInput& input) {
  const auto language = input.language;
  std::string out =
      fmt::format("{}{:>12}{:>12}{:>12}{:>12}  {}\n", fit(say(language, "theta", "drempel"), 10),
                  say(language, "pages/week", "per week"), say(language, "precision", "precisie"),
                  say(language, "recall", "gevonden"), say(language, "early", "op tijd"),
                  say(language, "lead p25 / p50 / p75", "voorsprong p25 / p50 / p75"));
  for (std::size_t i = 0; i < input.result.curve.size(); i += 5) {
    const auto& [theta, at] = input.result.curve[i];
    out += fmt::format("{:<10.3f}{:>12.1f}{:>12}{:>12}{:>12}  {}\n", theta, at.per_week(),
                       replay::percent(at.precision()), replay::percent(at.recall()),
                       replay::percent(at.early_recall()),
                       at.lead.count == 0
                           ? "-"
                           : fmt::format("{} / {} / {}", replay::lead(language, at.lead.low),
                                         replay::lead(language, at.lead.middle),
                                         replay::lead(language, at.lead.high)));
  }
  return out;
}

std::string misses(const replay::ReportInput& input) {
  if (input.result.misses.empty()) return {};
  std::string out{say(input.language, "\nNearest misses (when, risk before, critics)\n",
                      "\nNet gemist (wanneer, risico vooraf, critici)\n")};
  for (const replay::Miss& miss : input.result.misses)
    out += fmt::format("  {}  {:.3f} {:>5}  {}  {}\n", replay::when(miss.reached), miss.peak,
                       miss.critics, miss.brand, miss.url.empty() ? fit(miss.text, 50) : miss.url);
  return out;
}

std::string worst(const replay::ReportInput& input) {
  if (input.result.worst.empty()) return {};
  std::string out{say(input.language, "\nWorst pages (when, risk, critics in the end)\n",
                      "\nSlechtste oproepen (wanneer, risico, critici uiteindelijk)\n")};
  for (const replay::FalsePage& at : input.result.worst)
    out += fmt::format("  {}  {:.3f} {:>5}  {}  {}\n", replay::when(at.page.at), at.page.risk,
                       at.critics, at.page.brand,
                       at.page.url.empty() ? fit(at.page.text, 50) : at.page.url);
  return out;
}

std::string reliability(const replay::ReportInput& input) {
  const replay::Calibrated& at = input.result.calibrated;
  if (at.rows == 0) return {};
  std::string out =
      "\n" + wrap(replay::reliability_sentence(input.language, at), kWidth, "") + "\n";
  out +=
      fmt::format("{:>10}{:>12}{:>8}\n", say(input.language, "said", "gezegd"),
                  say(input.language, "happened", "gebeurd"), say(input.language, "rows", "rijen"));
  for (const replay::Decile& tenth : at.tenths)
    out += fmt::format("{:>8.1f} %{:>10.1f} %{:>8}\n", tenth.said * 100, tenth.happened * 100,
                       tenth.count);
  return out;
}

std::string weeks(const replay::ReportInput& input) {
  std::string out = fmt::format("\n{:<12}{:>20}{:>20}\n", say(input.language, "budget", "budget"),
                                say(input.language, "weeks in block C", "weken in blok C"),
                                say(input.language, "weeks in all", "weken in totaal"));
  for (const auto& row : replay::weeks_rows(input.language))
    out += fmt::format("{:<12}{:>20}{:>20}\n", row.name, row.before, row.after);
  return out;
}

}  // namespace

std::string tune_text(const replay::ReportInput& input) {
  const replay::TuneResult& result = input.result;
  const bool good = result.verdict == replay::Verdict::good;
  std::string out;
  if (good)
    out += wrap(replay::in_one_sentence(input.language, input.settings, result), kWidth, "") + "\n";
  for (const std::string& caution : replay::cautions(input.language, input.settings, result))
    out += (out.empty() ? "" : "\n") + wrap(caution, kWidth, "") + "\n";
  if (result.verdict == replay::Verdict::too_short) out += weeks(input);
  if (!good) return out;
  out += fmt::format(
      fmt::runtime(
          say(input.language,
              "\ntheta_page {:.3f}: {} pages in {:.1f} weeks of block C, where {} are allowed so "
              "that {} is kept with 90 % certainty.\n\n",
              "\ntheta_page {:.3f}: {} oproepen in {:.1f} weken van blok C, waar er {} mogen zijn "
              "opdat "
              "{} met 90 % zekerheid gehouden wordt.\n\n")),
      result.page.theta, result.page.pages, result.chosen.weeks, result.most,
      to_string(input.settings.budget));
  out += figures(input) + "\n" + curve(input) + misses(input) + worst(input) + reliability(input);
  if (result.desk.rated + result.desk.wanted > 0)
    out += "\n" + wrap(replay::desk_sentence(input.language, result.desk), kWidth, "") + "\n";
  if (!input.diff.empty()) out += "\n" + input.diff;
  return out;
}

}  // namespace brandwacht::daemon
