#include "monitor/text/train/reply_corpus.hpp"

#include <algorithm>
#include <fstream>

namespace brandwacht::text::train {
namespace {

// When the replies are read as if posted; see bench/data/README.md.
constexpr const char* kPosted = "2026-11-25T09:00:00Z";

bool named(const std::vector<std::string>& batches, const std::string& batch) {
  return std::ranges::find(batches, batch) != batches.end();
}

}  // namespace

bool read_reply_row(const std::string& line, ReplyExample& out) {
  std::vector<std::string_view> fields;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find('\t', at), line.size());
    fields.push_back(std::string_view(line).substr(at, end - at));
    at = end + 1;
  }
  if (fields.size() != 7 || fields[6].empty()) return false;
  out.batch = fields[0];
  out.dutch = fields[1].starts_with("nl");
  out.bytes = fields[6];
  for (const char letter : fields[3]) {
    const std::size_t label = kReplyLetters.find(letter);
    if (label != std::string_view::npos)
      out.labels |= 1U << label;
    else if (letter != '-')
      return false;
  }
  const DeskDay desk;
  out.reading = read_reply(PhraseLists::shipped(), out.bytes, *parse_rfc3339(kPosted), desk,
                           out.dutch ? "nl" : "en");
  return true;
}

ReplyCorpus read_replies(config::Section& root, const std::filesystem::path& folder) {
  ReplyCorpus corpus;
  std::vector<std::string> files, held_out, learn_only;
  root.require("replies");
  root.read("replies", files);
  root.read("held_out", held_out);
  root.read("learn_only", learn_only);
  for (const std::string& file : files) {
    std::ifstream in(folder / file, std::ios::binary);
    if (!in) root.problem("replies", "'" + file + "' cannot be read");
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line[0] == '#') continue;
      ReplyExample example;
      if (!read_reply_row(line, example)) {
        ++corpus.broken;
        continue;
      }
      example.held_out = named(held_out, example.batch);
      example.learn_only = named(learn_only, example.batch);
      corpus.examples.push_back(std::move(example));
    }
  }
  // The texts have their place now.
  for (ReplyExample& example : corpus.examples)
    example.reading.text.bytes = example.bytes;
  return corpus;
}

}  // namespace brandwacht::text::train
