// One line of a recording: the common NDJSON of a mention (mention_json.hpp) and, behind it, what
// the line made of it.
//
//   ...,"brand":"Polderbank","scorer":7,"score":{"lang":"nl","cues":0,"negative":0.9312,...},
//   "addressed":true,"link":true,"print":"<SimHash of the raw text>"}
//
// It begins with "seq", the number of the line in the recording.
// `created_at` and `received_at` have microseconds, since decisions are made on them. Text and name
// are redacted; text beyond 4,096 bytes, which nothing reads, is not kept, nor are the accounts and
// tags, which only matching needs. A post that was erased, a delete and an author who is gone have
// the keys instead of what they are keys of:
//
//   {"platform":"bluesky","kind":"create","keys":["<mention>","<thread>","<parent>","<quoted>",
//    "<author>"],"created_at":...,"erased":true,"brand":...}
#pragma once
#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/line/judged.hpp"
#include "monitor/mention_json.hpp"

namespace brandwacht::replay {

// A judged mention that owns its strings: one block for all. Raw: what leaves it is redacted.
class Kept {
 public:
  explicit Kept(const line::Judged& judged);
  const line::Judged& judged() const { return judged_; }
  std::size_t bytes() const { return size_ + sizeof(Kept); }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> block_;
  line::Judged judged_;
};

struct RecordedLine {
  line::Judged judged;
  std::uint32_t scorer = 0;  // the version that gave the score
  std::uint64_t seq = 0;     // counts the lines of a recording from 1; a rewrite keeps it
};

// Appends the line with its newline. Redacts.
void append_recorded(const RecordedLine& line, std::string& out);
// The same of a line that was read from a recording, without its words, names, ids and url.
void append_erased(const RecordedLine& line, std::string& out);

// Reused from line to line; not for two threads at once.
class RecordedParser {
 public:
  RecordedParser();
  // Parses one line in place; what is in `out` points into `line` and into this parser, until the
  // next call. `line` must be followed by at least simdjson::SIMDJSON_PADDING readable bytes.
  LineFault parse(std::string_view line, RecordedLine& out);

 private:
  LineFault read_json(std::string_view line, RecordedLine& out, bool& keys);

  simdjson::ondemand::parser parser_;
  std::string platform_;  // of the last line, with its hash
  std::uint64_t platform_hash_ = 0;
};

}  // namespace brandwacht::replay
