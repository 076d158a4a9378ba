// Does the forecast know which real threads go on? The cascade bench of the shared Weibo threads:
// will at least N more people join within 6 h, asked 10, 30 and 60 min after the root, of threads
// not learnt from (five folds by thread). The product beside plain counts and their logistic.
//
//   cascade_bench [FOLDER] [--recorded FILE]     FOLDER: of ced_weibo.ndjson.gz
//
// Each split fits what it judges on the other threads alone: profile, forgetting rate, prior,
// weights, isotonic curve. "Product" is fitted for the age asked, as its rivals are; "all ages" is
// one set of weights a horizon, fitted to a row for each doubling of the joiners.
#include <fmt/format.h>

#include <cstring>
#include <map>

#include "bench/cascade/product.hpp"
#include "bench/fits.hpp"
#include "bench/recorded.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::bench;

constexpr std::size_t kFolds = 5;
constexpr std::array<const char*, 6> kRules{"count",    "last_10_min", "four_counts",
                                            "forecast", "all_ages",    "product"};
enum Rule : std::size_t { count, last_10_min, four_counts, forecast, all_ages, product };

// Of one question: what each rule said of each case, in the same order.
using Verdicts = std::array<std::vector<Judged>, kRules.size()>;

thread::Horizon horizon_of(const Question& question) {
  return question.further == 30 ? thread::Horizon::page : thread::Horizon::major;
}

Logistic fit_counts(const std::vector<Decided>& cases, const Chosen& train) {
  std::vector<Case> learn;
  for (const Decided& c : cases)
    if (train(c.thread)) learn.push_back({{c.counts.begin(), c.counts.end()}, c.yes});
  return fit_logistic(learn);
}

class Fold {
 public:
  Fold(const std::vector<RealThread>& threads, const Chosen& train)
      : threads_(threads), train_(train) {
    auto model = fit_cascade(threads, train);
    fmt::print("  fitted: delta {:.3f} an hour, prior ({:.0f}, {:.0f})\n", model.kernel.delta,
               model.prior.shape, model.prior.rate);
    seen_ = watch(threads, std::make_shared<thread::Model>(std::move(model)));
    for (const Seen& seen : seen_)
      if (!seen.doubled) at_age_[{seen.thread, seen.after / 60}] = &seen;
  }

  void judge(const Question& question, Verdicts& verdicts) const {
    const auto cases = decide_all(threads_, question);
    const Logistic counts = fit_counts(cases, train_);
    const auto horizon = horizon_of(question);
    const auto same_age = fit_weights(learn_at(cases, question), horizon);
    const auto any_age = fit_weights(learn_doublings(question), horizon);
    for (const Decided& c : cases) {
      if (train_(c.thread)) continue;
      const Seen& seen = *at_age_.at({c.thread, question.age});
      const auto features = replay::features_of(row_of(seen, question, c.yes), horizon);
      const auto say = [&](Rule rule, double p) { verdicts[rule].push_back({p, c.yes}); };
      say(count, c.joiners / 1000.0);
      say(last_10_min, std::expm1(c.counts[1]) / 1000);
      say(four_counts, counts.probability(c.counts));
      say(forecast, static_cast<double>(seen.belief.forecast[static_cast<std::size_t>(horizon)]));
      say(all_ages, any_age.probability(features));
      say(product, same_age.probability(features));
    }
  }

 private:
  replay::Row row_of(const Seen& seen, const Question& question, bool yes) const {
    replay::Row row;
    row.thread = threads_[seen.thread].key;
    row.features = seen.belief.features;
    row.forecast = seen.belief.forecast;
    row.outcome[static_cast<std::size_t>(horizon_of(question))] = yes;
    return row;
  }
  std::vector<replay::Row> learn_at(const std::vector<Decided>& cases,
                                    const Question& question) const {
    std::vector<replay::Row> out;
    for (const Decided& c : cases)
      if (train_(c.thread))
        out.push_back(row_of(*at_age_.at({c.thread, question.age}), question, c.yes));
    return out;
  }
  std::vector<replay::Row> learn_doublings(const Question& question) const {
    std::vector<replay::Row> out;
    for (const Seen& seen : seen_) {
      if (!seen.doubled || !train_(seen.thread)) continue;
      const int further = threads_[seen.thread].joined(seen.after, seen.after + kAhead);
      out.push_back(row_of(seen, question, further >= question.further));
    }
    return out;
  }

  const std::vector<RealThread>& threads_;
  const Chosen& train_;
  std::vector<Seen> seen_;
  std::map<std::pair<std::size_t, std::int32_t>, const Seen*> at_age_;
};

void check(const std::vector<RealThread>& threads) {
  require(threads.size() > 1000, "too few threads");
  std::size_t cases = 0;
  for (const Question& question : kQuestions)
    cases += decide_all(threads, question).size();
  require(cases > 4000, "too few cases");
}

void report(const Question& question, const Verdicts& verdicts, Figures& figures) {
  const auto& all = verdicts[product];
  double base = 0;
  for (const Judged& judged : all)
    base += (judged.yes ? 1.0 : 0.0) / static_cast<double>(all.size());
  fmt::print("{:>3} min, {:>3} more ({} threads, {:.3f}):\n", question.age, question.further,
             all.size(), base);
  const std::string row = fmt::format("cascade_{}min_{}", question.age, question.further);
  for (std::size_t rule = 0; rule < kRules.size(); ++rule) {
    const double auc = area_under_curve(verdicts[rule]), brier = brier_score(verdicts[rule]);
    figures[fmt::format("{}_{}_auc", row, kRules[rule])] = auc;
    if (rule < four_counts) {
      fmt::print("  {:<12} AUC {:.4f}\n", kRules[rule], auc);
      continue;
    }
    figures[fmt::format("{}_{}_brier", row, kRules[rule])] = brier;
    fmt::print(
        "  {:<12} AUC {:.4f} ({:+.4f} +- {:.4f})  Brier {:.4f}  worst decile off by {:.3f}\n",
        kRules[rule], auc, auc - area_under_curve(verdicts[four_counts]),
        paired_error(verdicts[rule], verdicts[four_counts]), brier, worst_gap(verdicts[rule]));
  }
}

// Over all questions, so that chance does not make a gap of its own.
void report_reliability(const std::vector<Verdicts>& all, Figures& figures) {
  for (const Rule rule : {all_ages, product}) {
    std::vector<Judged> pooled;
    for (const Verdicts& verdicts : all)
      pooled.insert(pooled.end(), verdicts[rule].begin(), verdicts[rule].end());
    fmt::print("\n{}: said -> happened, by tenths of all {} cases\n ", kRules[rule], pooled.size());
    for (const Decile& decile : deciles(pooled))
      fmt::print("  {:.2f} -> {:.2f}", decile.said, decile.happened);
    figures[fmt::format("cascade_reliability_{}_gap", kRules[rule])] = worst_gap(pooled);
    fmt::print("\n  worst off by {:.3f}\n", worst_gap(pooled));
  }
}

bool lower_is_better(const std::string& name) {
  return name.ends_with("_brier") || name.ends_with("_gap");
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder = "../shared/data/threads", recorded;
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--recorded") == 0 && i + 1 < argc)
      recorded = argv[++i];
    else
      folder = argv[i];
  const auto threads = read_threads(std::filesystem::path(folder) / "ced_weibo.ndjson.gz");
  if (threads.empty()) {
    fmt::print("skipped: real cascades ({} has no ced_weibo.ndjson.gz)\n", folder);
    return 0;
  }
  check(threads);
  std::vector<Verdicts> verdicts(kQuestions.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    const Chosen train = [&](std::size_t i) { return fold_of(threads[i].key, kFolds) != fold; };
    const Fold fitted(threads, train);
    for (std::size_t q = 0; q < kQuestions.size(); ++q)
      fitted.judge(kQuestions[q], verdicts[q]);
  }
  Figures figures;
  for (std::size_t q = 0; q < kQuestions.size(); ++q)
    report(kQuestions[q], verdicts[q], figures);
  report_reliability(verdicts, figures);
  fmt::print("\n");
  print_figures(figures);
  return recorded.empty() || holds_recorded(recorded, figures, 0.01, lower_is_better) ? 0 : 1;
}
