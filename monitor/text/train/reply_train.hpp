// From labelled replies to the file of the reply model: cross-validates by batch, chooses the cuts,
// fits on everything and packs.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "monitor/text/train/pipeline.hpp"
#include "monitor/text/train/reply_fit.hpp"

namespace brandwacht::text::train {

// Batches of two languages with the same number were written together: "rn11" and "re11".
std::string batch_number(const std::string& batch);

struct ReplyCounts {
  int both = 0, ours = 0, theirs = 0;
  double f1() const { return ours + theirs == 0 ? 1 : 2.0 * both / (ours + theirs); }
};

// Log odds of every example by a packed model that has not read its batch, over a cut that was
// chosen without it: above zero is yes. By place in the corpus; zeros for those held out.
struct CrossReplies {
  std::vector<ReplyLogOdds> unseen;
  ReplyLogOdds cuts{};  // by all batches
};
CrossReplies cross_replies(const ReplyCorpus& corpus, const ReplyOptions& options,
                           std::size_t largest);

struct TrainedReplies {
  ModelFile file;
  PackReport packed;
  CrossReplies cross;
};
TrainedReplies train_replies(const ReplyCorpus& corpus, const ReplyOptions& options,
                             std::uint32_t version, std::size_t largest,
                             const std::function<void(const std::string&)>& say);

// Of the answers to a label in one language: those of the lists alone, or with the model's.
ReplyCounts count_replies(const ReplyCorpus& corpus, const CrossReplies* cross, bool dutch,
                          std::size_t label);

}  // namespace brandwacht::text::train
