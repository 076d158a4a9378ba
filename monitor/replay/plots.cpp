// The plots of the report.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "monitor/replay/report.hpp"
#include "monitor/replay/svg.hpp"

namespace brandwacht::replay {
namespace {

constexpr Duration kWeek = std::chrono::hours{7 * 24};

Axis part_axis(std::string title) {
  Axis axis{0, 1, {}, std::move(title)};
  for (int i = 0; i <= 4; ++i)
    axis.ticks.emplace_back(i / 4.0, fmt::format("{} %", i * 25));
  return axis;
}

// Thresholds by their log odds, since that is where peaks lie apart.
double place(double theta) {
  return std::log(theta / (1 - theta));
}

Axis theta_axis(DeskLanguage language) {
  Axis axis{place(0.01),
            place(0.99),
            {},
            std::string{say(language, "threshold (log odds)", "drempel (log odds)")}};
  for (const double theta : {0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99})
    axis.ticks.emplace_back(place(theta), fmt::format("{:g}", theta));
  return axis;
}

std::string chosen(const ReportInput& input) {
  return fmt::format("theta_page {:.3f}", input.result.page.theta);
}

}  // namespace

std::string plot_pages(const ReportInput& input) {
  if (input.result.curve.empty()) return {};
  const DeskLanguage language = input.language;
  const double budget = input.settings.budget.per_week();
  std::vector<Plot::Point> points;
  for (const CurvePoint& point : input.result.curve)
    points.emplace_back(place(point.theta), point.figures.per_week());
  // What pages ten times the budget is not worth the room.
  double most = 0;
  for (const auto& point : points)
    most = std::max(most, point.second);
  most = std::max(std::min(most, 6 * budget), 1.5 * budget);
  Plot plot(
      std::string{say(language, "Pages a week by threshold", "Oproepen per week bij elke drempel")},
      theta_axis(language), round_axis(0, most, {}));
  plot.across(budget, fmt::format("{} {}", say(language, "budget", "budget"),
                                  to_string(input.settings.budget)));
  plot.upright(place(input.result.page.theta), chosen(input));
  plot.line(points, "a");
  plot.dot({place(input.result.page.theta), input.result.after.per_week()}, 5, "a",
           fmt::format("{:.1f}", input.result.after.per_week()));
  return plot.svg();
}

std::string plot_recall(const ReportInput& input) {
  if (input.result.curve.empty()) return {};
  const DeskLanguage language = input.language;
  std::vector<Plot::Point> early, precision;
  for (const CurvePoint& point : input.result.curve) {
    if (const auto part = point.figures.early_recall())
      early.emplace_back(place(point.theta), *part);
    if (const auto part = point.figures.precision())
      precision.emplace_back(place(point.theta), *part);
  }
  Plot plot(std::string{say(language, "Early recall and precision by threshold",
                            "Op tijd gevonden en precisie bij elke drempel")},
            theta_axis(language), part_axis({}));
  plot.upright(place(input.result.page.theta), chosen(input));
  plot.line(precision, "b");
  plot.line(early, "a");
  if (const auto part = input.result.after.early_recall())
    plot.dot({place(input.result.page.theta), *part}, 5, "a", percent(part));
  if (const auto part = input.result.after.precision())
    plot.dot({place(input.result.page.theta), *part}, 5, "b", percent(part));
  return plot.svg();
}

std::string plot_reliability(const ReportInput& input) {
  if (input.result.calibrated.tenths.empty()) return {};
  const DeskLanguage language = input.language;
  Plot plot(std::string{say(language, "What was said against what happened",
                            "Wat er gezegd werd tegen wat er gebeurde")},
            part_axis(std::string{say(language, "said: 30 more critics within 6 h",
                                      "gezegd: nog 30 critici binnen 6 uur")}),
            part_axis({}), 300);
  plot.line({{0, 0}, {1, 1}}, "quiet");
  std::vector<Plot::Point> points;
  for (const Decile& tenth : input.result.calibrated.tenths)
    points.emplace_back(tenth.said, tenth.happened);
  plot.line(points, "a");
  for (const Decile& tenth : input.result.calibrated.tenths)
    plot.dot(
        {tenth.said, tenth.happened}, 4.5, "a",
        fmt::format("{} -> {} ({})", percent(tenth.said), percent(tenth.happened), tenth.count));
  return plot.svg();
}

std::string plot_weeks(const ReportInput& input) {
  const Block& block = input.settings.blocks.d;
  const auto weeks = static_cast<std::size_t>(std::ceil(block.weeks() - 1e-6));
  if (weeks == 0 || input.result.curve.empty()) return {};
  const DeskLanguage language = input.language;
  std::vector<int> right_pages(weeks), wrong_pages(weeks);
  int most = 1;
  for (const Page& page : input.result.pages) {
    const auto week = std::min(
        static_cast<std::size_t>(std::max<std::int64_t>((page.at - block.from) / kWeek, 0)),
        weeks - 1);
    ++(std::ranges::binary_search(input.result.wrong, page.thread) ? wrong_pages
                                                                   : right_pages)[week];
    most = std::max(most, right_pages[week] + wrong_pages[week]);
  }
  Axis time{0,
            static_cast<double>(weeks),
            {},
            std::string{say(language, "week that begins on", "week die begint op")}};
  const std::size_t step = std::max<std::size_t>(1, (weeks + 4) / 5);
  for (std::size_t i = 0; i < weeks; i += step)
    time.ticks.emplace_back(static_cast<double>(i) + 0.5,
                            when(block.from + static_cast<std::int64_t>(i) * kWeek).substr(5, 5));
  const double budget = input.settings.budget.per_week();
  Plot plot(std::string{say(language, "Pages in each week of block D",
                            "Oproepen in elke week van blok D")},
            std::move(time), round_axis(0, std::max<double>(most, budget * 1.2), {}));
  for (std::size_t i = 0; i < weeks; ++i) {
    const auto from = static_cast<double>(i);
    if (right_pages[i] > 0)
      plot.bar(from, from + 1, 0, right_pages[i], "a", fmt::format("{}", right_pages[i]));
    if (wrong_pages[i] > 0)
      plot.bar(from, from + 1, right_pages[i], right_pages[i] + wrong_pages[i], "b",
               fmt::format("{}", wrong_pages[i]));
  }
  plot.across(budget, fmt::format("budget {}", to_string(input.settings.budget)));
  return plot.svg();
}

std::string plot_leads(const ReportInput& input) {
  const auto& leads = input.result.after.leads;
  if (leads.empty()) return {};
  const DeskLanguage language = input.language;
  // Minutes, in bins that double: most is decided in the first hours.
  constexpr std::array<double, 8> kEdges{0, 5, 10, 20, 40, 80, 160, 320};
  std::array<int, kEdges.size() + 1> counts{};  // the first: too late
  for (const Duration lead : leads) {
    const double minutes = std::chrono::duration<double>(lead) / std::chrono::minutes{1};
    counts[static_cast<std::size_t>(std::ranges::upper_bound(kEdges, minutes) - kEdges.begin())]++;
  }
  Axis bins{0,
            static_cast<double>(counts.size()),
            {},
            std::string{say(language, "minutes before it was an incident",
                            "minuten voordat het een incident was")}};
  bins.ticks.emplace_back(0.5, std::string{say(language, "late", "te laat")});
  for (std::size_t i = 0; i < kEdges.size(); ++i)
    bins.ticks.emplace_back(static_cast<double>(i) + 1, fmt::format("{:g}", kEdges[i]));
  Plot plot(std::string{say(language, "Lead times", "Voorsprong")}, std::move(bins),
            round_axis(0, std::ranges::max(counts), {}));
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      plot.bar(static_cast<double>(i), static_cast<double>(i) + 1, 0, counts[i], i == 0 ? "b" : "a",
               fmt::format("{}", counts[i]));
  return plot.svg();
}

}  // namespace brandwacht::replay
