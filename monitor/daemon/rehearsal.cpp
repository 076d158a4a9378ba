#include "monitor/daemon/rehearsal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "monitor/daemon/exit_codes.hpp"
#include "monitor/replay/fit.hpp"
#include "monitor/replay/tune.hpp"
#include "monitor/text/scorer.hpp"

namespace brandwacht::daemon {
namespace {

// False: said why.
bool read_time(const std::string& text, std::string_view option, const Settings& settings,
               DayEnd end, Time& target) {
  if (text.empty()) return true;
  const auto time = parse_local_time(settings.brand_level.calendar.zone, text, end);
  if (time) {
    target = *time;
    return true;
  }
  fmt::print(stderr,
             "brandwacht: {} '{}' is no day and no time; \"2026-11-27\" or \"2026-11-27 09:00\"\n",
             option, text);
  return false;
}

void tell(const replay::PlaybackStats& stats, std::uint64_t about_brands) {
  const replay::Stats& read = stats.read;
  fmt::print(stderr, "{} mentions from {} to {}, {} about a brand; {} lines refused\n",
             read.mentions, format_rfc3339(read.first), format_rfc3339(read.last), about_brands,
             read.faulty());
  if (stats.scored_again > 0)
    fmt::print(stderr,
               "{} of them were recorded with another version of the scorer, and scored again from "
               "their redacted text\n",
               stats.scored_again);
  if (stats.damages > 0)
    fmt::print(stderr, "{} damaged places in the recording were stepped over\n", stats.damages);
}

}  // namespace

void ProgressLine::operator()(double part, std::string_view what) {
  const auto now = std::chrono::steady_clock::now();
  if (!on_ || now - shown_ < std::chrono::milliseconds{100}) return;
  shown_ = now;
  drawn_ = true;
  const auto filled = static_cast<std::size_t>(std::clamp(part, 0.0, 1.0) * 30);
  fmt::print(stderr, "\r\x1b[K[{:#<{}}{:.<{}}] {:3.0f} %  {}", "", filled, "", 30 - filled,
             part * 100, what);
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  drawn_ = false;
}

std::optional<Rehearsal> rehearse(const RehearsalOptions& options, const Settings& settings,
                                  ProgressLine& progress, int& status) {
  Rehearsal out;
  Time from{}, to = Time::max();
  if (!read_time(options.from, "--from", settings, DayEnd::begin, from) ||
      !read_time(options.to, "--to", settings, DayEnd::end, to)) {
    status = kUsage;
    return std::nullopt;
  }
  try {
    out.player = std::make_unique<replay::Player>(
        std::vector<std::filesystem::path>(options.files.begin(), options.files.end()),
        settings.line, [&](double part) { progress(part, "reading the recording"); });
  } catch (const std::runtime_error& error) {
    progress.clear();
    fmt::print(stderr, "brandwacht: {}\n", error.what());
    status = kNoInput;
    return std::nullopt;
  }
  progress.clear();
  const replay::Stats& stats = out.player->stats().read;
  out.from = std::max(from, stats.first);
  out.to = std::min(to, stats.last);
  if (stats.mentions == 0 || out.player->about_brands() == 0 || out.from >= out.to) {
    fmt::print(stderr, "brandwacht: {}\n",
               stats.mentions == 0 ? "there is no mention in this recording"
               : out.from >= out.to
                   ? "the recording has nothing between --from and --to"
                   : "nothing in this recording is about a brand of the configuration");
    status = kDataError;
    return std::nullopt;
  }
  if (!options.quiet) tell(out.player->stats(), out.player->about_brands());
  return out;
}

replay::FitResult fit_model(const Rehearsal& rehearsal, const Settings& settings, Time from,
                            Time to, ProgressLine& progress) {
  replay::FitSettings fit;
  fit.from = from;
  fit.to = to;
  fit.part_a = replay::kPartA;
  fit.scorer_version = text::scorer_version();
  // Rows at the end of B ask what came in the hours after it; nothing later is played.
  const Time until = to + std::chrono::hours{24};
  const auto result = replay::fit(
      [&](const std::shared_ptr<const thread::Model>& model, const replay::CriticHook& hook) {
        line::Settings with = settings.line;
        with.threads.model = model;
        line::Hooks hooks;
        hooks.critic = hook;
        rehearsal.player->play(std::move(with), std::move(hooks), until);
      },
      fit, [&](double part, std::string_view what) { progress(part, what); });
  progress.clear();
  return result;
}

std::string fit_table(const replay::FitResult& fit) {
  std::string out =
      fmt::format("{} threads, {} critics\n\n{:<34}{:>7}{:>10}{:>7}{:>9}{:>9}{:>10}\n", fit.threads,
                  fit.critics, "", "rows", "threads", "AUC", "Brier", "of base", "log loss");
  for (std::size_t i = 0; i < thread::kHorizons; ++i) {
    const replay::HorizonFit& at = fit.horizons[i];
    const thread::Target& target = thread::kTargets[i];
    const std::string name =
        fmt::format("{} more critics within {:g} h", target.further, target.hours);
    if (!at.fitted) {
      out += fmt::format("{:<34}{:>7}{:>10}  uncalibrated: {}\n", name, at.rows,
                         at.positive_threads, at.refused);
      continue;
    }
    out += fmt::format("{:<34}{:>7}{:>10}{:>7.3f}{:>9.4f}{:>9.4f}{:>10.4f}\n", name, at.rows,
                       at.positive_threads, at.auc, at.brier, at.base_brier, at.log_loss);
  }
  const replay::HorizonFit& page = fit.horizons[static_cast<std::size_t>(thread::Horizon::page)];
  if (!page.fitted || page.reliability.empty()) return out;
  out += "\nOn block B, of the page's probability:\n      said  happened    rows\n";
  for (const replay::Decile& tenth : page.reliability)
    out += fmt::format("  {:>6.1f} %  {:>6.1f} %  {:>6}\n", tenth.said * 100, tenth.happened * 100,
                       tenth.count);
  return out;
}

}  // namespace brandwacht::daemon
