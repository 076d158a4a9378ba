#include "monitor/text/train/reply_train.hpp"

#include <algorithm>
#include <set>

namespace brandwacht::text::train {
namespace {

// The cut with the best F1 among these.
float best_cut(std::vector<std::pair<float, bool>> odds) {
  std::ranges::sort(odds, std::greater{}, &std::pair<float, bool>::first);
  const auto positives = std::ranges::count(odds, true, &std::pair<float, bool>::second);
  double best = -1;
  float cut = 0;
  int both = 0;
  for (std::size_t i = 0; i + 1 < odds.size(); ++i) {
    both += odds[i].second;
    const double f1 = 2.0 * both / static_cast<double>(i + 1 + static_cast<std::size_t>(positives));
    if (f1 <= best) continue;
    best = f1;
    cut = (odds[i].first + odds[i + 1].first) / 2;
  }
  return cut;
}

// Cuts by the examples that may judge, but for one batch.
ReplyLogOdds cuts_without(const ReplyCorpus& corpus, const std::vector<ReplyLogOdds>& odds,
                          const std::string& batch) {
  ReplyLogOdds out{};
  for (std::size_t k = 0; k < kReplyLabels; ++k) {
    std::vector<std::pair<float, bool>> judged;
    for (std::size_t e = 0; e < odds.size(); ++e) {
      const ReplyExample& example = corpus.examples[e];
      if (!example.held_out && !example.learn_only && batch_number(example.batch) != batch)
        judged.emplace_back(odds[e][k], (example.labels >> k & 1) != 0);
    }
    out[k] = best_cut(std::move(judged));
  }
  return out;
}

}  // namespace

std::string batch_number(const std::string& batch) {
  return batch.substr(std::min(batch.find_first_of("0123456789"), batch.size()));
}

namespace {

ModelFile packed(const ReplyFit& fit, const ReplyLogOdds& cuts, std::uint32_t version,
                 std::size_t largest, PackReport& report) {
  Model::Header header{};
  header.version = version;
  header.gram_scale = kReplyGrams;
  for (std::size_t k = 0; k < kReplyLabels; ++k)
    header.bias[k] = fit.bias()[k] - cuts[k];
  return pack(fit.weights(), {}, header, largest, report);
}

}  // namespace

CrossReplies cross_replies(const ReplyCorpus& corpus, const ReplyOptions& options,
                           std::size_t largest) {
  ReplyFit fit(corpus, options);
  CrossReplies out;
  out.unseen.resize(corpus.examples.size());
  std::set<std::string> batches;
  for (const ReplyExample& example : corpus.examples)
    if (!example.held_out) batches.insert(batch_number(example.batch));
  const auto in = [&](std::uint32_t e, const std::string& batch) {
    return batch_number(corpus.examples[e].batch) == batch;
  };
  for (const std::string& batch : batches) {
    std::vector<std::uint32_t> others;
    for (std::uint32_t e = 0; e < corpus.examples.size(); ++e)
      if (!corpus.examples[e].held_out && !in(e, batch)) others.push_back(e);
    fit.fit(others);
    PackReport report;
    const ModelFile file = packed(fit, {}, 0, largest, report);
    const Model model = std::get<Model>(Model::open(file.bytes()));
    for (std::uint32_t e = 0; e < corpus.examples.size(); ++e)
      if (!corpus.examples[e].held_out && in(e, batch))
        out.unseen[e] = reply_odds(model, corpus.examples[e].reading.text).odds;
  }
  const std::vector<ReplyLogOdds> raw = out.unseen;
  out.cuts = cuts_without(corpus, raw, "");
  for (const std::string& batch : batches) {
    const ReplyLogOdds cuts = cuts_without(corpus, raw, batch);
    for (std::uint32_t e = 0; e < corpus.examples.size(); ++e)
      if (!corpus.examples[e].held_out && in(e, batch))
        for (std::size_t k = 0; k < kReplyLabels; ++k)
          out.unseen[e][k] -= cuts[k];
  }
  return out;
}

TrainedReplies train_replies(const ReplyCorpus& corpus, const ReplyOptions& options,
                             std::uint32_t version, std::size_t largest,
                             const std::function<void(const std::string&)>& say) {
  TrainedReplies out;
  say("cross-validation by batch");
  out.cross = cross_replies(corpus, options, largest);
  say("fit on all");
  ReplyFit fit(corpus, options);
  std::vector<std::uint32_t> all;
  for (std::uint32_t e = 0; e < corpus.examples.size(); ++e)
    if (!corpus.examples[e].held_out) all.push_back(e);
  fit.fit(all);
  say("pack");
  out.file = packed(fit, out.cross.cuts, version, largest, out.packed);
  return out;
}

ReplyCounts count_replies(const ReplyCorpus& corpus, const CrossReplies* cross, bool dutch,
                          std::size_t label) {
  ReplyCounts out;
  for (std::size_t e = 0; e < corpus.examples.size(); ++e) {
    const ReplyExample& example = corpus.examples[e];
    if (example.held_out || example.learn_only || example.dutch != dutch) continue;
    ReplyReading reading = example.reading;
    if (cross != nullptr) decide(nullptr, {cross->unseen[e], {}}, reading);
    const bool ours = (answers(reading.check) >> label & 1) != 0;
    const bool theirs = (example.labels >> label & 1) != 0;
    out.both += ours && theirs;
    out.ours += ours;
    out.theirs += theirs;
  }
  return out;
}

}  // namespace brandwacht::text::train
