// Fits the weights that ship (monitor/thread/default_model.cpp) to an invented stream and prints
// them as that file has them.
//
//   fit_shipped [SEED] [WEEKS]
#include <fmt/format.h>

#include <string>

#include "bench/detect/watch.hpp"
#include "monitor/replay/fit.hpp"

namespace {

using namespace brandwacht;

std::string number(double value) {
  return fmt::format("{:.4g}", value);
}

void print_table(std::string_view name, const thread::Calibration& calibration) {
  fmt::print("// {}\ncalibration({}, {{", name, number(calibration.intercept));
  for (std::size_t j = 0; j < thread::kFeatures; ++j)
    if (std::abs(calibration.weight[j]) > 1e-3)
      fmt::print("{{Feature::{}, {}, {}}},\n", to_string(static_cast<thread::Feature>(j)),
                 number(calibration.weight[j]), number(calibration.typical[j]));
  fmt::print("}}, {{");
  for (const auto& [from, to] : calibration.isotonic)
    fmt::print("{{{}, {}}}, ", number(from), number(to));
  fmt::print("}})\n");
}

}  // namespace

int main(int argc, char** argv) {
  const auto seed = argc > 1 ? std::stoull(argv[1]) : 101ULL;
  const int weeks = argc > 2 ? std::stoi(argv[2]) : 200;
  const auto recorded = bench::record(seed, weeks, 0);
  const replay::Pass pass = [&](const std::shared_ptr<const thread::Model>& model,
                                const replay::CriticHook& hook) {
    bench::watch(recorded, recorded.end, model, [&](const bench::Look& look) {
      if (look.belief != nullptr) hook(look.observed.thread, *look.belief, look.event.received_at);
    });
  };
  replay::FitSettings settings;
  settings.from = recorded.begin;
  settings.to = recorded.end;
  // What an invented stream says of these is its own invention. A desk's own fit uses them.
  using thread::Feature;
  settings.without = {Feature::spread, Feature::top_writer, Feature::newcomers,
                      Feature::talk,   Feature::quoting,    Feature::root,
                      Feature::copies, Feature::share,      Feature::share_low};
  const auto result = replay::fit(pass, settings, [](double part, std::string_view what) {
    fmt::print(stderr, "{:3.0f} % {}\n", 100 * part, what);
  });
  const auto& model = result.model;
  fmt::print("// {} threads, {} critics, log loss of the forecast {:.4f}\n", result.threads,
             result.critics, result.cascade_loss);
  fmt::print("delta {} prior {{{}, {}}} root {} weights", number(model.kernel.delta),
             number(model.prior.shape), number(model.prior.rate), number(model.root_mark));
  for (const double weight : model.kernel.weight)
    fmt::print(" {}", number(weight));
  fmt::print("\n");
  constexpr std::array names{"notice", "page", "major"};
  for (std::size_t horizon = 0; horizon < thread::kHorizons; ++horizon) {
    const auto& report = result.horizons[horizon];
    fmt::print("// {}: {} rows, {} positive of {} threads; AUC {:.3f}, Brier {:.4f} (base {:.4f})",
               names[horizon], report.rows, report.positive_rows, report.positive_threads,
               report.auc, report.brier, report.base_brier);
    fmt::print(" {}\n//", report.refused);
    for (const auto& decile : report.reliability)
      fmt::print("  {:.3f} -> {:.3f}", decile.said, decile.happened);
    fmt::print("\n");
    print_table(names[horizon], model.calibration[horizon]);
  }
}
