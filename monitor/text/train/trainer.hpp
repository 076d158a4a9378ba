// Learns the weights of the features: one logistic model per output over the same sparse features,
// each by itself (solver.hpp). The same examples, options and seed give the same weights.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "monitor/text/features.hpp"
#include "monitor/text/train/corpus.hpp"

namespace brandwacht::text::train {

using Row = std::array<float, kOutputs>;

struct Options {
  std::uint64_t seed = 1;
  std::uint32_t folds = 3;  // of the cross-fit that calibrates
  double gram_scale = 0.5;  // what the n-grams of a word count beside the word itself
  double own_weight = 2.0;  // multiplies the weight of sets of the posts' own domain
  unsigned least_word = 2, least_pair = 3;  // a feature that occurs less is left out
};

// What is known of words before any text is read: the classes of a word, such as "somewhat bad".
struct WordPrior {
  std::vector<std::uint64_t> classes;
};
struct Priors {
  std::unordered_map<std::uint64_t, WordPrior> words;  // by token hash
};

class Trainer {
 public:
  Trainer(const Corpus& corpus, const Priors& priors,
          const std::unordered_map<std::uint64_t, std::uint8_t>& cues, Options options);
  ~Trainer();

  // From now on only these words, pairs and negated words are learnt: one that the file has no
  // place for would take weight from those that it has. A word left out still has its n-grams.
  void only(std::unordered_set<std::uint64_t> hashes);
  // Learns from these examples, from scratch.
  void fit(std::span<const std::uint32_t> examples);
  // Log odds of every output.
  std::array<float, kOutputs> log_odds(const Example& example) const;

  // What each feature weighs once everything that only depends on the word is summed into it.
  struct Weight {
    std::uint64_t hash;
    FeatureKind kind;
    Row row;
    std::uint32_t count;
  };
  std::vector<Weight> weights() const;
  std::array<float, kOutputs> bias() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brandwacht::text::train
