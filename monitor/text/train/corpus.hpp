// Labelled texts for training and judging the scorer.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/reader.hpp"
#include "monitor/text/outputs.hpp"

namespace brandwacht::text::train {

inline constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

struct Example {
  std::string text, parent;              // parent: the post it answers, if known
  std::array<float, kShown> truth{};     // what the scorer should say, 0..1 or kUnknown
  std::array<float, kOutputs> target{};  // what each column learns; kUnknown: nothing
  float weight = 1;
  std::uint16_t set = 0;                // index into Corpus::sets
  std::uint32_t batch = 0, writer = 0;  // texts that were written together, and by whom
  bool check = false;                   // the development check; never trained on
  bool negation = false, uncertain = false, irony = false;
};

struct SetInfo {
  std::string name, source, licence, note;
  double weight = 1;
  std::vector<Output> use;  // the outputs it trains; empty: those that its labels name
  bool own = false;         // our posts: they count for calibration and are shown in full
  bool calibrates = true;   // how often it says yes is how often such posts are
  std::optional<Domain> domain;
  std::size_t trained = 0, checked = 0, broken = 0;
  std::size_t repeated = 0;  // left out of training because a check has the same text
};

struct Corpus {
  std::vector<SetInfo> sets;
  std::vector<Example> examples;
};

// Reads what a training file names. Every table [[set]] has:
//   name     of the set
//   train    files to learn from: NDJSON {"id","lang","text","label":{...}} or, when the name ends
//            in .tsv, batch, language, kind, sector, labels and text (see bench/data/README.md)
//   check    files to judge with, never to learn from
//   check_batches  batches of a .tsv that are for judging
//   use      outputs that it trains
//   weight   of each text, 1 by default
//   own      true: written for this corpus, so to or about companies
//   kind     "open" (tweets, talk) or "review"; absent: "desk" for our own, else not said
//   calibrates  false: how often this set says yes is its collectors' choice
//   source, licence, note  for MODEL.md
// Problems of the file become problems of the section; lines that cannot be read are counted in
// SetInfo::broken. Texts that some set is judged with are left out of all training.
Corpus read_corpus(config::Section& root, const std::filesystem::path& folder);

}  // namespace brandwacht::text::train
