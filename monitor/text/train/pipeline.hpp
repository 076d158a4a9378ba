// From a corpus to a model file: cross-fits for the calibration, fits on everything, quantises and
// packs.
#pragma once
#include <bitset>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "monitor/text/model.hpp"
#include "monitor/text/train/corpus.hpp"
#include "monitor/text/train/trainer.hpp"

namespace brandwacht::text::train {

inline constexpr std::size_t kLargestModel = std::size_t{4} << 20;  // bytes

// Bytes aligned to 128, as Model::open() wants them.
class ModelFile {
 public:
  explicit ModelFile(std::size_t size = 0)
      : blocks_((size + sizeof(Block) - 1) / sizeof(Block)), size_(size) {}
  std::span<std::byte> bytes() { return {reinterpret_cast<std::byte*>(blocks_.data()), size_}; }
  std::span<const std::byte> bytes() const {
    return {reinterpret_cast<const std::byte*>(blocks_.data()), size_};
  }

 private:
  struct alignas(128) Block {
    std::byte bytes[128];
  };
  std::vector<Block> blocks_;
  std::size_t size_;
};

struct PackReport {
  std::size_t learnt = 0, kept = 0, crowded_out = 0;  // features
};

// The weights that matter most, in at most `largest` bytes. `whole`: columns that few features
// decide, whose largest weights are not cut so that the small ones are kept finer.
using Columns = std::bitset<kOutputs>;
ModelFile pack(const std::vector<Trainer::Weight>& weights,
               const std::unordered_map<std::uint64_t, std::uint8_t>& cues,
               const Model::Header& header, std::size_t largest, PackReport& report,
               Columns whole = {});

struct Trained {
  ModelFile file;
  PackReport packed;
  // Log odds of each trained example by a model that has not seen it, by place in Corpus::examples.
  std::vector<std::array<float, kOutputs>> unseen;
};

// `say` is told of each step.
Trained train_model(const Corpus& corpus, const Priors& priors, const Options& options,
                    std::uint32_t version, std::size_t largest,
                    const std::function<void(const std::string&)>& say);

}  // namespace brandwacht::text::train
