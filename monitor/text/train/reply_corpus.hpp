// Labelled official replies for training and judging the reply model.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/reader.hpp"
#include "monitor/text/reply_signs.hpp"

namespace brandwacht::text::train {

struct ReplyExample {
  std::string bytes, batch;
  bool dutch = false;
  std::uint32_t labels = 0;  // bits of kReplyLabelNames
  bool held_out = false;     // never learnt from, nothing chosen by it
  bool learn_only = false;   // its writer knew the phrase lists: it judges nothing
  ReplyReading reading;      // by the shipped lists
};

struct ReplyCorpus {
  std::vector<ReplyExample> examples;
  std::size_t broken = 0;  // lines that cannot be read
};

// The letters of replies-*.tsv, in the order of kReplyLabelNames.
inline constexpr std::string_view kReplyLetters = "AEONLRPDHKCF";

// Batch, language, sector, labels, signature, promise and text; see bench/data/README.md. False:
// no such line.
bool read_reply_row(const std::string& line, ReplyExample& out);

// `replies`: files; `held_out`, `learn_only`: names of batches.
ReplyCorpus read_replies(config::Section& root, const std::filesystem::path& folder);

}  // namespace brandwacht::text::train
