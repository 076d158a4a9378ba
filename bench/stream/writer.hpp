// An invented stream as the common NDJSON of mentions.
#pragma once
#include <string>

#include "bench/stream/event.hpp"
#include "monitor/mention_json.hpp"

namespace brandwacht::bench {

struct WriterSettings {
  std::string platform = "invented";
  std::string brand = "Polderbank";  // each root names it
  bool text = true;                  // short ones, by what the scorer is to say of them
  bool dutch = true;                 // else English
};

// Everything in it says that it is invented: the platform, and the authors' names.
class Writer {
 public:
  explicit Writer(WriterSettings settings = {}) : settings_(std::move(settings)) {}
  // One line, without its end.
  std::string line(const Event& event) { return to_json(view(event)); }
  // The mention's strings live in this writer until the next call.
  MentionView view(const Event& event);

 private:
  std::string text(const Event& event) const;

  WriterSettings settings_;
  Mention mention_;
};

}  // namespace brandwacht::bench
