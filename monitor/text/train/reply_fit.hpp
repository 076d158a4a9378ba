// Learns the weights of the reply model: for each label a logistic model whose log odds are a soft
// maximum over the sentences, and what the whole reply says; by AdaGrad (Duchi et al. 2011). The
// same replies, options and seed give the same weights.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "monitor/text/train/reply_corpus.hpp"
#include "monitor/text/train/trainer.hpp"

namespace brandwacht::text::train {

struct ReplyOptions {
  std::uint64_t seed = 1;
  int epochs = 8;
  double rate = 0.1, decay = 3e-3;  // AdaGrad's step, L2
  unsigned least = 2;               // replies that have a feature; a word may have one
};

using ReplyLogOdds = std::array<float, kReplyLabels>;

class ReplyFit {
 public:
  ReplyFit(const ReplyCorpus& corpus, ReplyOptions options);
  ~ReplyFit();

  // Learns from these examples, from scratch.
  void fit(std::span<const std::uint32_t> examples);
  ReplyLogOdds log_odds(std::uint32_t example) const;
  // What each feature weighs, in the columns of reply_features.hpp, with what the n-grams of a word
  // and the weight of its kind make of it.
  std::vector<Trainer::Weight> weights() const;
  const ReplyLogOdds& bias() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brandwacht::text::train
